# Who was born alive was a person: first the birth, then the death.
The official declares a birth.
  child.live_born: false
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/child/live_born must_be_live_born
When the official declares a birth.
  child.birth.date: 2 days ago
And the official declares a death.
Then the answer is 422 invalid.
And these fields are wrong:
  /person required
When the official declares a birth.
  child.birth.date: 2 days ago
And the verifier verifies the case.
And the registrar registers the case.
Then personal_number looks like [2-9]\d{9}
And the receipt is ready within 2 seconds.
When the registrar prints the certificate.
When we call this the birth.
And the official2 declares a death.
Then the answer is 422 invalid.
And these fields are wrong:
  /person person_unknown
When the official declares a death.
  death.date: 3 days ahead
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/death/date in_the_future
When the official declares a death.
Then the answer is 201.
And tracking_code is null
When the official registers the case.
Then the answer is 403 forbidden.
When the registrar registers the case.
Then the answer is 200.
And entry.register is D
And the receipt is ready within 2 seconds.
# There is no certificate of the death; that of the birth stays valid.
When the registrar prints the certificate.
Then the answer is 409 no_certificate.
When the registrar opens the person for counter_service.
Then the answer is 200.
When the official declares a death.
Then the answer is 201.
When the registrar registers the case.
Then the answer is 409 person_died.
When we turn to the birth.
Then the certificate offline, and it is valid.
