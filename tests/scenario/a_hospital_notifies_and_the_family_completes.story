# The hospital says that a child was born, and whether the mother wishes to be visited.
The clerk notifies a birth.
  notice: (absent)
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/notice required
When the clerk notifies a birth.
  notice: {"visit_consent": false, "contact": "012 345 678"}
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/notice/contact unexpected
When the clerk notifies a birth.
  notice: {"visit_consent": true, "contact": "012 345 678"}
Then the answer is 201.
And state is notified.
And the case is in the queue of the official.
And the case is not in the queue of the verifier.
When the official opens the case.
Then declaration.notice.contact is 012 345 678
And declaration.mother is (absent)
When the family tracks the case.
Then state is notified.
And the answer does not show:
  012 345 678
  mother
When the verifier verifies the case.
Then the answer is 409 wrong_state.
When the registrar registers the case.
Then the answer is 409 wrong_state.
When the clerk2 opens the case.
Then the answer is 403 forbidden.
When the clerk completes the case.
Then the answer is 403 forbidden.
# The family has moved: it completes elsewhere what the hospital began here.
When the official forwards the case to the neighbouring commune.
And the family completes the case.
  declaration.child.sex: (absent)
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/child/sex required
When the family completes the case.
Then the answer is 200.
And state is declared.
When the official2 opens the case.
Then declaration.notice is (absent)
And notice.notice.contact is 012 345 678
When the verifier verifies the case.
And the registrar2 registers the case.
Then the answer is 200.
And entry.office is khm/04/0499/049902
