# An office that does not answer in time has answered: the office above hears it.
A family declares a birth.
And the family appeals the case.
  details.grounds: Nobody answers.
Then the answer is 409 wrong_state.
When 8 days pass.
And the family tracks the case.
Then next may come amend, appeal, withdraw.
When the family appeals the case.
  details.grounds: Nobody answers.
Then the answer is 200.
And state is appealed.
And the case is in the queue of the chief.
And the case is not in the queue of the verifier.
When the chief allows the appeal.
  details.grounds: The office is to go on at once.
Then state is returned.
