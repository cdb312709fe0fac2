Country: mmr
A family declares a birth.
And the official forwards the case to the neighbouring township.
Then the answer is 200.
When the verifier verifies the case.
Then the answer is 404.
When the registrar2 returns the case.
  reason: name_spelling
Then the answer is 409 wrong_state.
When the official2 forwards the case to the township.
Then the answer is 200.
When the verifier verifies the case.
And the registrar registers the case.
Then the answer is 200.
And the receipt is ready within 2 seconds.
When the official gives a claim code.
And somebody claims the certificate.
Then the answer is 200.
And the certificate offline, and it is valid.
# Whoever knows how a case is followed is nobody in particular.
When the official hands over the certificate.
  details.identified_by: tracking_code
Then the answer is 422 invalid.
And these fields are wrong:
  /details/identified_by not_a_choice
When the official hands over the certificate.
  details.identified_by: witness
Then state is handed_over.
When the registrar opens the looks.
Then the looks tell:
  forwarding
  claim
