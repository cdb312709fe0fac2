# They heard or read the draft in their language, and signed it, or left a thumbprint, or somebody witnessed it.
The official declares a birth.
  evidence: [{"kind": "birth_notice"}]
  informant.draft: {"how": "heard", "language": "km"}
And the verifier verifies the case.
When the registrar registers the case.
Then the answer is 422 invalid.
And these fields are wrong:
  /attachments evidence_not_current
And the case is in the queue of the registrar.
When the registrar opens the case.
Then state is verified.
When the official prints the draft.
Then the answer is 200.
And the paper shows:
  សេចក្តីព្រាង
When the official uploads a photograph as thumbprint_draft.
And the registrar registers the case.
Then the answer is 200.
