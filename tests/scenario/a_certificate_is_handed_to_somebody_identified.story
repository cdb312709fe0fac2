# To whom, when, and how they were known; and only once there is something to hand over.
The official declares a birth.
And the verifier verifies the case.
When the official hands over the certificate.
Then the answer is 409 wrong_state.
When the registrar registers the case.
And the official hands over the certificate.
Then the answer is 409 certificate_not_issued.
When the receipt is ready within 2 seconds.
And the registrar prints the certificate.
And the official hands over the certificate.
  details: {}
Then the answer is 422 invalid.
And these fields are wrong:
  /details/name required
  /details/relation required
  /details/identified_by required
When the official2 hands over the certificate.
Then the answer is 404.
When the family hands over the certificate.
Then the answer is 403 forbidden.
When the official hands over the certificate.
  details.name: គឹម បុប្ផា
  details.relation: relative
  details.identified_by: tracking_code
Then the answer is 422 invalid.
And these fields are wrong:
  /details/identified_by not_a_choice
When the official hands over the certificate.
  details.name: គឹម បុប្ផា
  details.relation: relative
  details.identified_by: witness
Then the answer is 200.
And state is handed_over.
When the same request is sent again.
Then the answer is 200.
When the official hands over the certificate.
Then the answer is 409 wrong_state.
When the official opens the case.
Then history.3.details.name is គឹម បុប្ផា
And history.3.details.identified_by is witness
When the family tracks the case.
Then state is handed_over.
And the answer does not show:
  គឹម បុប្ផា
