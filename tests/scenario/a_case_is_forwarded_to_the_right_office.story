# The family lives elsewhere: the case goes there, and the first office sees it no more.
The official declares a birth.
When the verifier opens the case.
Then next may come hold, reject, return, verify
When the official forwards the case to the neighbouring commune as of version 7.
Then the answer is 412 changed_meanwhile.
When the official2 forwards the case to the commune.
Then the answer is 404.
When the official forwards the case.
Then the answer is 422 invalid.
And these fields are wrong:
  /office required
When the official forwards the case to the hospital.
Then the answer is 422 invalid.
And these fields are wrong:
  /office office_keeps_none
When the clerk forwards the case to the neighbouring commune.
Then the answer is 403 forbidden.
When the official forwards the case to the neighbouring commune.
  note: The family has moved.
Then the answer is 200.
And state is declared.
When the same request is sent again.
Then the answer is 200.
When the official opens the case.
Then the answer is 404.
When the official2 opens the case.
Then the answer is 200.
And office is khm/04/0499/049902
And history.1.transition is forward
When the official2 amends the case.
  declaration.child.birth.place: "04990201"
Then the answer is 200.
When the verifier verifies the case.
And the registrar registers the case.
Then the answer is 404.
When the official2 forwards the case to the commune.
Then the answer is 409 wrong_state.
When the registrar2 registers the case.
Then the answer is 200.
And entry.office is khm/04/0499/049902
And the registrar2 opens the looks.
Then the looks tell:
  forwarding
  verification
  registration
When the family tracks the case.
Then state is registered.
