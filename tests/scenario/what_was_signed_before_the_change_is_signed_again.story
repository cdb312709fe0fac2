# A signature is one under the text that was heard or read: after a change the draft is printed, heard and signed again.
The official declares a birth.
  child.sex: female
  evidence: [{"kind": "birth_notice"}]
And the official uploads a photograph as signed_draft.
Then the answer is 204.
When the verifier returns the case.
  reason: details_contradict
And the registrar opens the case.
Then attachments.0.kind is signed_draft
And attachments.0.current is true
When the official amends the case.
  declaration.child.sex: male
Then state is declared.
When the verifier verifies the case.
And the registrar opens the case.
Then attachments.0.current is false
When the registrar registers the case.
Then the answer is 422 invalid.
And these fields are wrong:
  /attachments evidence_not_current
And the answer shows:
  print the draft, have the informant hear or read it and sign it or leave a thumbprint, and attach it
And the case is in the queue of the registrar.
# Evidence of another kind is no signature, and is not asked for again.
When the official uploads a photograph as chief_statement.
And the registrar registers the case.
Then the answer is 422 invalid.
When the official prints the draft.
Then the answer is 200.
When the family uploads a photograph as thumbprint_draft.
Then the answer is 204.
When the registrar registers the case.
Then the answer is 200.
And state is registered.
# Whoever amends may list what he likes: no list is a signature.
When another family comes.
And the official declares a birth.
  evidence: [{"kind": "witnessed_draft"}, {"kind": "thumbprint_draft"}]
  child.sex: female
And the verifier verifies the case.
And the registrar registers the case.
Then the answer is 422 invalid.
And these fields are wrong:
  /attachments evidence_not_current
When the official uploads a photograph as witnessed_draft.
And the registrar registers the case.
Then the answer is 200.
# A correction is signed by whoever asks for it, and signed again when it was changed.
When the official asks for a correction.
  child.sex: undetermined
  correction.reason: wrong_sex
  correction.evidence: [{"kind": "family_book"}]
And the official uploads a photograph as signed_draft.
And the verifier returns the case.
  reason: other
And the official amends the case.
  declaration.child.sex: female
And the verifier verifies the case.
And the registrar registers the case.
Then the answer is 422 invalid.
And these fields are wrong:
  /attachments evidence_not_current
When the official uploads a photograph as signed_draft.
And the registrar registers the case.
Then the answer is 200.
# Nothing is signed twice that was not changed: another office takes the case with its signature.
When another family comes.
And the official declares a birth.
  evidence: [{"kind": "birth_notice"}]
And the official uploads a photograph as signed_draft.
And the official forwards the case to the neighbouring commune.
And the verifier verifies the case.
And the registrar2 registers the case.
Then the answer is 200.
