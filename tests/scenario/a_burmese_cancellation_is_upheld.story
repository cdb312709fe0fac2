Country: mmr
The official declares a birth.
And the verifier verifies the case.
And the registrar registers the case.
And the receipt is ready within 2 seconds.
And the registrar prints the certificate.
And we call this the birth.
When the official proposes a cancellation.
And the official gives notice of the case.
  details.date: 3 days ago
Then the answer is 422 invalid.
And these fields are wrong:
  /details/date before_other_date
When the official gives notice of the case.
Then the answer is 200.
# Nobody came to be heard, and the time for it is over.
When 16 days pass.
And the registrar decides the case.
  details.grounds: No such birth took place.
# Who does not trust that office goes to the one above it.
And the chief appeals the decision.
  details.grounds: It did.
And the chief upholds the decision.
  details.grounds: No midwife, no witness and no child.
Then state is upheld.
When the official prints /api/v1/cases/{case}/decision.pdf?language=en
Then the paper shows:
  the entry is cancelled
  No midwife, no witness and no child.
When the registrar registers the case.
Then the answer is 200.
And the receipt is ready within 2 seconds.
When we turn to the birth.
Then the certificate offline, and it is cancelled since today.
