Country: mmr
The official declares a birth.
  child.sex: female
And the verifier verifies the case.
And the registrar registers the case.
Then the answer is 200.
When the official asks for a correction.
  child.sex: male
  correction.evidence: [{"kind": "health_card"}, {"kind": "court_order"}]
And the verifier verifies the case.
And the official uploads a photograph as signed_draft.
And the registrar registers the case.
Then the answer is 422 invalid.
And these fields are wrong:
  /evidence evidence_missing
When the official uploads a photograph as court_order.
And the registrar registers the case.
Then the answer is 200.
# What is only misspelt needs no court.
When the official asks for a correction.
  mother.name.latin: Daw Hla Hla Win
And the verifier verifies the case.
And the official uploads a photograph as signed_draft.
And the registrar registers the case.
Then the answer is 200.
When the official asks for a correction.
  father: (absent)
And the verifier verifies the case.
And the official uploads a photograph as signed_draft.
And the official uploads a photograph as recognition_statement.
And the registrar registers the case.
Then the answer is 422 invalid.
When the official uploads a photograph as court_order.
And the registrar registers the case.
Then the answer is 200.
When the official asks for a correction.
  father: {"name": {"native": "ဦးအောင်မင်း"}, "basis": "recognition"}
And the verifier verifies the case.
And the official uploads a photograph as signed_draft.
And the registrar registers the case.
Then the answer is 422 invalid.
And these fields are wrong:
  /evidence evidence_missing
When the official uploads a photograph as recognition_statement.
And the registrar registers the case.
Then the answer is 200.
