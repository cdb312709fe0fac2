Country: mmr
A family declares a birth.
And the verifier verifies the case.
And 8 days pass.
And the family appeals the case.
  details.grounds: Nobody answers.
Then the answer is 200.
And state is appealed.
When the verifier verifies the case.
Then the answer is 409 wrong_state.
When the chief upholds the decision.
  details.grounds: The office had a reason to wait.
Then state is refused.
