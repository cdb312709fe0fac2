# Absent parents are lawful and ask for no reason.
The official declares a birth.
  child.name: null
  child.naming: not_yet_named
  child.sex: undetermined
  mother: (absent)
  father: (absent)
  informant.name.native: ចាន់ សុភា
  informant.name.latin: CHAN SOPHEA
  informant.relation: midwife
Then the answer is 201.
When the verifier verifies the case.
And the registrar registers the case.
Then the answer is 200.
And the receipt is ready within 2 seconds.
When the registrar prints the certificate.
Then the answer is 200.
And the certificate offline, and it is valid.
