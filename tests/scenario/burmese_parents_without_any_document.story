Country: mmr
The official declares a birth.
  mother.nationality_declared: နိုင်ငံမဲ့
  father: (absent)
  evidence: (absent)
Then the answer is 201.
When the verifier verifies the case.
And the official uploads a photograph as witnessed_draft.
And the registrar registers the case.
Then the answer is 200.
And the receipt is ready within 2 seconds.
When the registrar prints the certificate.
Then the certificate shows:
  နိုင်ငံမဲ့
And the certificate offline, and it is valid.
