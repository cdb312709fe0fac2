Country: mmr
# Where the law lets her: nothing is stored of her, and nothing says why.
The official declares a birth.
  mother: (absent)
  informant.name.native: ဒေါ်သီတာဝင်း
  informant.name.latin: DAW THIDA WIN
  informant.relation: midwife
Then the answer is 201.
And no warning is given.
When the verifier verifies the case.
And the registrar registers the case.
Then the answer is 200.
And the receipt is ready within 2 seconds.
When the registrar prints the certificate.
Then the certificate does not show:
  ဒေါ်သီတာဝင်း
And the certificate offline, and it is valid.
