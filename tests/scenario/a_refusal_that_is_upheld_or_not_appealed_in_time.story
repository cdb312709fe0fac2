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
# Then it stands for good, and what was reserved for the case is given back: its number is never used, and nobody is
# compared with the child any more.
When another family comes.
And the official declares a birth.
  child.name.native: សុខ រតនា
  child.name.latin: SOK RATANA
  child.birth.date: 3 days ago
  mother.name.native: ម៉ៅ សុភា
  mother.name.latin: MAO SOPHEA
And the verifier verifies the case.
And the registrar rejects the case.
  reason: not_the_event
  details.grounds: The midwife knows of no such birth.
Then state is rejected.
And the reserved number is reserved.
When 29 days pass.
And the family tracks the case.
Then state is rejected.
And the reserved number is reserved.
When 2 days pass.
Then the case becomes refused by itself.
And the reserved number is retired.
And the family tracks the case.
And state is refused.
When the family appeals the decision.
  details.grounds: Too late again.
Then the answer is 409 wrong_state.
When the official declares a birth.
  child.name.native: សុខ រតនា
  child.name.latin: SOK RATANA
  child.birth.date: 3 days ago
  mother.name.native: ម៉ៅ សុភា
  mother.name.latin: MAO SOPHEA
And 1 seconds pass.
And the verifier opens the case.
Then duplicates.searched is true
And the answer does not show:
  "state":"rejected"
  "state":"refused"
# Who appealed in time is not refused meanwhile, and the number waits for the child.
When another family comes.
And the official declares a birth.
And the verifier verifies the case.
And the registrar rejects the case.
  reason: not_the_event
  details.grounds: The midwife knows of no such birth.
And the family appeals the decision.
  details.grounds: It was another midwife.
And 31 days pass.
And 3 seconds pass.
And the chief allows the appeal.
  details.grounds: The other midwife was heard.
Then state is returned.
And the reserved number is reserved.
