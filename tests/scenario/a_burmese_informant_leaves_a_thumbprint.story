Country: mmr
The official declares a birth.
  evidence: (absent)
And the verifier verifies the case.
When the registrar registers the case.
Then the answer is 422 invalid.
And these fields are wrong:
  /attachments evidence_not_current
When the official uploads a photograph as thumbprint_draft.
And the registrar registers the case.
Then the answer is 200.
