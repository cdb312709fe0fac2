Country: mmr
The official declares a birth.
  child.birth.date: 2 days ago
And the verifier verifies the case.
And the registrar registers the case.
Then the answer is 200.
When the official declares a death.
  evidence: [{"kind": "death_notice"}]
Then the answer is 201.
When the registrar registers the case.
Then the answer is 422 invalid.
And these fields are wrong:
  /attachments evidence_not_current
When the official uploads a photograph as signed_draft.
And the registrar registers the case.
Then the answer is 200.
And entry.register is D
