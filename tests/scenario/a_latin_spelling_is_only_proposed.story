# How a name is spelt in Latin letters is for those who bear it: proposals are shown, and nothing is filled in.
A family asks how លឹម ស្រីពៅ is spelt.
Then the answer is 200.
And proposals.0 is Lim Sreypov
When a family declares a birth.
  child.name: {"native": "លឹម ស្រីពៅ"}
Then the answer is 201.
When the official opens the case.
Then declaration.child.name.native is លឹម ស្រីពៅ
And declaration.child.name.latin is (absent)
And the answer does not show:
  Sreypov
# Another spelling than any that is proposed is theirs to choose.
When the family amends the case.
  declaration.child.name.latin: LIM SREY-PEOU
Then the answer is 200.
When the verifier verifies the case.
And the registrar registers the case.
And the receipt is ready within 2 seconds.
And the registrar prints the certificate.
Then the certificate shows:
  LIM SREY-PEOU
And the certificate does not show:
  Sreypov
# What cannot be read has no proposal, and no guess.
When a family asks how Sok Dara is spelt.
Then proposals is []
