# By marriage, by their own recognition or by a court's order. The ground is always said. What shows a marriage is for the officers
# to ask for; who is entered on their own recognition has said so in writing or before witnesses, and that or the court's order has
# to be attached, as when a parent is entered later.
The official declares a birth.
  father.basis: (absent)
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/father/basis required
When the official declares a birth.
  father.basis: hearsay
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/father/basis not_a_choice
When the official declares a birth.
  father.basis: recognition
  evidence: [{"kind": "recognition_statement"}, {"kind": "signed_draft"}]
Then the answer is 201.
When the verifier verifies the case.
And the registrar registers the case.
Then the answer is 422 invalid.
And these fields are wrong:
  /evidence evidence_missing
When the official uploads a photograph as witness_statement.
And the registrar registers the case.
Then the answer is 200.
And the receipt is ready within 2 seconds.
And the registrar prints the certificate.
# On what ground a parent stands there is nobody's business who reads the certificate.
Then the certificate does not show:
  recognition
When another family comes.
And the official declares a birth.
  father.basis: court_order
  evidence: [{"kind": "court_order"}, {"kind": "signed_draft"}]
Then the answer is 201.
When the verifier verifies the case.
And the registrar registers the case.
Then the answer is 422 invalid.
And these fields are wrong:
  /evidence evidence_missing
When the registrar opens the case.
Then the answer shows:
  "of":["court_order"],"shown":"attached"
When the official uploads a photograph as court_order.
And the registrar registers the case.
Then the answer is 200.
# Where nobody refers to a court, nobody asks for one.
When another family comes.
And the official declares a birth.
  father.basis: marriage
And the verifier verifies the case.
And the registrar opens the case.
Then the answer does not show:
  "of":["court_order"]
