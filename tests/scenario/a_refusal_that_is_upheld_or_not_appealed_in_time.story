A family declares a birth.
And the registrar rejects the case.
  reason: duplicate
  details.grounds: The child stands in the register already
And the official appeals the decision.
  details.grounds: That is the elder sister.
And the chief upholds the decision.
  details.grounds: It is the same child
Then the answer is 200.
And state is refused.
When the family appeals the decision.
  details.grounds: Once more.
Then the answer is 409 wrong_state.
When the family tracks the case.
Then state is refused.
And timeline.1.reason is duplicate
And timeline.1.details.grounds is The child stands in the register already
And timeline.3.details.grounds is It is the same child
When another family comes.
And a family declares a birth.
And the registrar rejects the case.
  reason: duplicate
  details.grounds: The child stands in the register already.
And 31 days pass.
And the family appeals the decision.
  details.grounds: Too late.
Then the answer is 409 wrong_state.
