# Notice, hearing, reasons, a period in which to appeal; then all the child's certificates are cancelled.
The official declares a birth.
And the verifier verifies the case.
And the registrar registers the case.
And the receipt is ready within 2 seconds.
And the registrar prints the certificate.
And we call this the birth.
When the verifier proposes a cancellation.
Then the answer is 403 forbidden.
When the official proposes a cancellation.
  cancellation.explanation: (absent)
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/cancellation/explanation required
When the official proposes a cancellation.
Then the answer is 201.
And state is proposed.
When the registrar hears the parties.
Then the answer is 409 wrong_state.
When the official gives notice of the case.
  details: {"to": "CHILD'S PARENTS"}
Then the answer is 422 invalid.
And these fields are wrong:
  /details/date required
# No notice of what is not proposed yet, and none that is still to be given.
When the official gives notice of the case.
  details.date: 3 days ago
Then the answer is 422 invalid.
And these fields are wrong:
  /details/date before_other_date
When the official gives notice of the case.
  details.date: 3 days ahead
Then the answer is 422 invalid.
And these fields are wrong:
  /details/date in_the_future
When 8 days pass.
And the official gives notice of the case.
  details.date: 3 days ago
Then state is noticed.
When the registrar decides the case.
  details.grounds: Two entries speak of one child.
Then the answer is 409 wrong_state.
# Nobody is heard before the notice, nor later than it is written down.
When the registrar hears the parties.
  details.date: 3 days ago
Then the answer is 422 invalid.
And these fields are wrong:
  /details/date before_other_date
When the registrar hears the parties.
  details.date: 3 days ahead
Then the answer is 422 invalid.
And these fields are wrong:
  /details/date in_the_future
When the registrar hears the parties.
Then state is heard.
When the registrar decides the case.
Then the answer is 422 invalid.
And these fields are wrong:
  /details/grounds required
When the registrar decides the case.
  details.grounds: Two entries speak of one child.
Then state is decided.
When the registrar registers the case.
Then the answer is 409 wrong_state.
And the certificate offline, and it is valid.
When 31 days pass.
And the official appeals the decision.
  details.grounds: Too late.
Then the answer is 409 wrong_state.
When the registrar registers the case.
Then the answer is 200.
And entry.register is X
And the receipt is ready within 2 seconds.
When the registrar prints the certificate.
Then the answer is 409 no_certificate.
When the registrar opens the person for counter_service.
Then status is cancelled
And notes.0.kind is cancellation
When we turn to the birth.
Then the certificate offline, and it is cancelled since today.
When the registrar prints the certificate.
Then the answer is 409 act_cancelled.
When the official asks for a correction.
Then the answer is 409 act_cancelled.
