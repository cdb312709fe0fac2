# Reasoned, and heard by the office above.
A family declares a birth.
And the verifier rejects the case.
  details.grounds: The notice is of another child.
Then the answer is 422 invalid.
And these fields are wrong:
  /reason required
When the verifier rejects the case.
  reason: evidence_missing
Then the answer is 422 invalid.
And these fields are wrong:
  /details/grounds required
When the verifier rejects the case.
  reason: evidence_missing
  details.grounds: The notice is of another child
Then the answer is 200.
And state is rejected.
# In the family's hands, by its code and secret: why, in the office's own words.
When the family tracks the case.
Then timeline.1.transition is reject
And timeline.1.reason is evidence_missing
And timeline.1.details.grounds is The notice is of another child
When the family appeals the decision.
Then the answer is 422 invalid.
And these fields are wrong:
  /details/grounds required
When the family appeals the decision.
  details.grounds: The hospital wrote the wrong name
Then the answer is 200.
And state is appealed.
When the family appeals the decision.
  details.grounds: Again.
Then the answer is 409 wrong_state.
When the registrar allows the appeal.
  details.grounds: I was right.
Then the answer is 403 forbidden.
And the case is in the queue of the chief.
When the chief opens the case for appeal.
Then history.2.details.grounds is The hospital wrote the wrong name.
And next may come allow, hold, uphold
When the chief allows the appeal.
  details.grounds: The notice was written over.
Then the answer is 200.
And state is returned.
When the family amends the case.
Then the answer is 422 invalid.
When the family amends the case.
  declaration.child.sex: undetermined
Then state is declared.
When the verifier verifies the case.
And the registrar registers the case.
Then the answer is 200.
