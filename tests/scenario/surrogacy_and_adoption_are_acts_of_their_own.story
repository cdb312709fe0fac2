# A birth is registered with the woman who gave birth. Who else may become a parent is decided by a court, not at this desk,
# and no form of birth asks after it.
The official declares a birth.
  mother.relation: intended
  adoption: {"court": "Kandal"}
  informant.relation: intended_parent
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/mother/relation unknown_field
  /declaration/adoption unknown_field
  /declaration/informant/relation not_a_choice
When the official declares an adoption.
Then the answer is 422 invalid.
And these fields are wrong:
  /kind not_a_choice
When the official declares a birth.
  mother.name.native: ចាន់ បុប្ផា
  mother.name.latin: CHAN BOPHA
  father.basis: recognition
And the verifier verifies the case.
And the official uploads a photograph as recognition_statement.
And the registrar registers the case.
Then the answer is 200.
And the receipt is ready within 2 seconds.
When the registrar prints the certificate.
Then the certificate shows:
  CHAN BOPHA
# Whoever would write others over her is told what is missing, whatever the correction is called.
When the official asks for a correction.
  mother.name.native: លី សុភាព
  mother.name.latin: LY SOPHEAP
  mother.birth_date: {"value": "1979", "precision": "year"}
  correction.reason: adoption
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/correction/reason not_a_choice
When the official asks for a correction.
  mother.name.native: លី សុភាព
  mother.name.latin: LY SOPHEAP
  mother.birth_date: {"value": "1979", "precision": "year"}
  correction.reason: parent_details
  correction.evidence: [{"kind": "witness_statement"}, {"kind": "family_book"}]
And the verifier verifies the case.
And the official uploads a photograph as signed_draft.
And the registrar registers the case.
Then the answer is 422 invalid.
And these fields are wrong:
  /evidence evidence_missing
And the answer shows:
  administrative_decision, court_order
When the registrar opens the person for counter_service.
Then the answer does not show:
  LY SOPHEAP
