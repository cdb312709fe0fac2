Country: mmr
The official declares a birth.
  child.birth.date: 200 days ago
And the verifier opens the case.
Then band.name is late
And fee.amount is 0
And fee.currency is MMK
And fee.certainty is assumed
When the verifier verifies the case.
And the registrar registers the case.
Then the answer is 200.
When another family comes.
And the official declares a birth.
  child.birth.date: 25 years ago
  mother.birth_date: {"precision": "unknown"}
  father: (absent)
  informant.relation: self
Then the answer is 201.
When the verifier opens the case.
Then band.name is adult
# In Myanmar the township registers it all the same.
When the verifier verifies the case.
And the registrar registers the case.
Then the answer is 200.
