# A clerk reads and mends what their own hospital declared, until it is verified; and nothing else of the commune.
The clerk notifies a birth.
Then the answer is 201.
When the clerk opens the case.
Then the answer is 200.
And state is notified.
When the clerk2 opens the case.
Then the answer is 403 forbidden.
When the clerk2 amends the case.
  declaration.child.sex: undetermined
Then the answer is 403 forbidden.
When the clerk2 uploads a photograph as proof_of_birth.
Then the answer is 403 forbidden.
When the clerk uploads a photograph as proof_of_birth.
Then the answer is 204.
When the clerk amends the case.
  declaration.child.sex: undetermined
Then the answer is 200.
When the official completes the case.
  declaration.child.sex: undetermined
Then the answer is 200.
And state is declared.
When the verifier returns the case.
  reason: evidence_unclear
And the clerk opens the case.
Then the answer is 200.
And state is returned.
And declaration.child.sex is undetermined
When the clerk amends the case.
  declaration.child.sex: female
Then the answer is 200.
When the verifier verifies the case.
Then the answer is 200.
When the clerk opens the case.
Then the answer is 403 forbidden.
When the official declares a birth.
And the clerk opens the case.
Then the answer is 403 forbidden.
When the clerk withdraws the case.
  reason: other
Then the answer is 403 forbidden.
