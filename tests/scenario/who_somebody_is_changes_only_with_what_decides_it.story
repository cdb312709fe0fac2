# A slip of the pen is mended with what the informant signs. Whatever it is called, more than that needs what decides it.
The official declares a birth.
  child.sex: female
  mother.name: {"native": "ជា ស្រីពេជ្រ", "latin": "CHEA SREYPICH"}
And the verifier verifies the case.
And the registrar registers the case.
Then the answer is 200.
When the official asks for a correction.
  mother.name.latin: CHEA SREY PICH
  mother.birth_date: {"value": "1994", "precision": "year"}
And the verifier verifies the case.
And the official uploads a photograph as signed_draft.
And the registrar registers the case.
Then the answer is 200.
When the official asks for a correction.
  child.sex: male
  correction.reason: misspelling
  correction.evidence: [{"kind": "health_card"}, {"kind": "court_order"}]
And the verifier verifies the case.
And the official uploads a photograph as signed_draft.
And the registrar registers the case.
Then the answer is 422 invalid.
And these fields are wrong:
  /evidence evidence_missing
And the answer shows:
  health_card
# Whoever only names a paper has shown none.
When the official uploads a photograph as health_card.
And the registrar registers the case.
Then the answer is 200.
# Taking a parent out, and entering one, is no spelling either.
When the official asks for a correction.
  father: (absent)
And the verifier verifies the case.
And the official uploads a photograph as signed_draft.
And the official uploads a photograph as recognition_statement.
And the registrar registers the case.
Then the answer is 422 invalid.
And these fields are wrong:
  /evidence evidence_missing
When the official uploads a photograph as court_order.
And the registrar registers the case.
Then the answer is 200.
When the official asks for a correction.
  father: {"name": {"native": "សុខ វិសាល", "latin": "SOK VISAL"}, "basis": "recognition"}
And the verifier verifies the case.
And the official uploads a photograph as signed_draft.
And the registrar registers the case.
Then the answer is 422 invalid.
And these fields are wrong:
  /evidence evidence_missing
# Their own recognition is enough later too.
When the official uploads a photograph as recognition_statement.
And the registrar registers the case.
Then the answer is 200.
# Another name and another day of birth: another woman.
When the official asks for a correction.
  mother.name.native: ម៉ៅ បុប្ផា
  mother.name.latin: MAO BOPHA
  mother.birth_date: {"value": "1989", "precision": "year"}
And the verifier verifies the case.
And the official uploads a photograph as signed_draft.
And the registrar registers the case.
Then the answer is 422 invalid.
And these fields are wrong:
  /evidence evidence_missing
