# A clerk reads and mends what their own hospital notified, until somebody completes it; and nothing else of the commune.
The clerk notifies a birth.
Then the answer is 201.
When the clerk opens the case.
Then the answer is 200.
And state is notified.
And next may come amend, withdraw
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
And state is notified.
# What a family or an office wrote since is none of the hospital's matter.
When the official completes the case.
  declaration.child.sex: undetermined
Then the answer is 200.
And state is declared.
When the clerk opens the case.
Then the answer is 403 forbidden.
When the verifier returns the case.
  reason: evidence_unclear
And the clerk opens the case.
Then the answer is 403 forbidden.
When the clerk amends the case.
  declaration.child.sex: female
Then the answer is 409 wrong_state.
When the clerk withdraws the case.
  reason: entered_by_mistake
Then the answer is 409 wrong_state.
When the clerk uploads a photograph as proof_of_birth.
Then the answer is 403 forbidden.
When the official amends the case.
  declaration.child.sex: female
Then the answer is 200.
When the verifier verifies the case.
Then the answer is 200.
When the clerk opens the case.
Then the answer is 403 forbidden.
# A family ends it too.
When another family comes.
And the clerk notifies a birth.
And the family completes the case.
Then the answer is 200.
When the clerk opens the case.
Then the answer is 403 forbidden.
# What was notified by mistake the hospital withdraws.
When another family comes.
And the clerk notifies a birth.
And the clerk withdraws the case.
  reason: entered_by_mistake
Then the answer is 200.
And state is withdrawn.
When the official declares a birth.
And the clerk opens the case.
Then the answer is 403 forbidden.
When the clerk withdraws the case.
  reason: other
Then the answer is 409 wrong_state.
