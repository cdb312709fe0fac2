Country: mmr
The official declares a foundling.
  finding.finder.name: {"latin": "U FINDER"}
  evidence: [{"kind": "finder_report"}]
Then the answer is 201.
When the verifier verifies the case.
And the registrar registers the case.
Then the answer is 422 invalid.
And these fields are wrong:
  /attachments evidence_not_current
When the official prints the draft.
Then the answer is 200.
And the paper shows:
  U FINDER
When the official uploads a photograph as thumbprint_draft.
And the registrar registers the case.
Then the answer is 200.
And entry.register is B
And the receipt is ready within 2 seconds.
When the registrar prints the certificate.
Then the certificate does not show:
  U FINDER
And the certificate offline, and it is valid.
