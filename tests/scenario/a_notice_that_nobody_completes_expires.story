The clerk notifies a birth.
Then state is notified.
When the registrar expires the case.
Then the answer is 403 forbidden.
When the registrar takes up the case of its own motion.
Then the answer is 409 wrong_state.
When 91 days pass.
And the case becomes expired by itself.
Then the case is not in the queue of the official.
When the official takes up the case of its own motion.
Then the answer is 403 forbidden.
When the registrar takes up the case of its own motion.
  declaration.evidence: [{"kind": "signed_draft"}]
Then the answer is 422 invalid.
And these fields are wrong:
  /evidence evidence_missing
When the registrar takes up the case of its own motion.
  declaration.mother: (absent)
  declaration.father: (absent)
  declaration.evidence: [{"kind": "birth_notice"}]
  declaration.informant.relation: official
Then the answer is 200.
And state is declared.
When the verifier verifies the case.
And the registrar uploads a photograph as witnessed_draft.
And the registrar registers the case.
Then the answer is 200.
# Another one, which the family remembers after all.
When another family comes.
And the clerk notifies a birth.
And 91 days pass.
And the case becomes expired by itself.
And the family tracks the case.
Then state is expired.
And the answer does not show:
  mother
When the family completes the case.
Then the answer is 200.
And state is declared.
