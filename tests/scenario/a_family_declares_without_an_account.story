A family declares a birth.
Then the answer is 201.
When the family tracks the case.
Then the answer is 200.
And state is declared.
And next may come amend, withdraw.
But the family tracks the case with the secret AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.
Then the answer is 404.
When the family uploads a photograph as proof_of_birth.
Then the answer is 204.
When the family uploads a program as proof_of_birth.
Then the answer is 415 attachment_type.
When the verifier returns the case.
  reason: evidence_missing
Then the answer is 200.
And state is returned.
When the family amends the case.
  declaration.child.sex: undetermined
Then the answer is 200.
And state is declared.
When the verifier opens the case.
Then declaration.child.sex is undetermined.
And attachments.0.kind is proof_of_birth.
When the family withdraws the case.
Then the answer is 200.
And state is withdrawn.
When the verifier verifies the case.
Then the answer is 409 wrong_state.
