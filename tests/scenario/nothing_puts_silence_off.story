# The seven days run on, whatever the office changes meanwhile.
A family declares a birth.
When 5 days pass.
And the official amends the case.
  declaration.late_reason: The road was flooded.
Then the answer is 200.
When the family amends the case.
  declaration.late_reason: The road was flooded until yesterday.
Then the answer is 200.
When 3 days pass.
And the family tracks the case.
Then next may come amend, appeal, withdraw.
When the family appeals the case.
  details.grounds: Nobody answers.
Then the answer is 200.
And state is appealed.
# Nor is it put off by sending the case on.
When another family comes.
And a family declares a birth.
And 5 days pass.
And the official forwards the case to the neighbouring commune.
Then the answer is 200.
When the family appeals the case.
  details.grounds: Nobody answers.
Then the answer is 409 wrong_state.
When 3 days pass.
And the family appeals the case.
  details.grounds: Nobody answers.
Then the answer is 200.
# A state entered anew has its whole period.
When another family comes.
And a family declares a birth.
And 5 days pass.
And the verifier returns the case.
  reason: evidence_missing
And the official amends the case.
  declaration.late_reason: The road was flooded.
Then state is declared.
When 3 days pass.
And the family appeals the case.
  details.grounds: Nobody answers.
Then the answer is 409 wrong_state.
# A notification expires when it would have, however often its clerk amends it.
When another family comes.
And the clerk notifies a birth.
And 60 days pass.
And the clerk amends the case.
  declaration.child.sex: female
Then the answer is 200.
When 31 days pass.
And the case becomes expired by itself.
And the family tracks the case.
Then state is expired.
