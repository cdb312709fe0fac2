# Who looked, and why, is written down before anything is shown; and the person can see it.
The official declares a birth.
And the official opens the case.
And the verifier opens the case.
And the verifier opens the case for curiosity.
Then the answer is 400.
When the verifier verifies the case.
And the registrar registers the case.
And the receipt is ready within 2 seconds.
And the registrar opens the person.
Then the answer is 400.
When the registrar opens the looks.
Then the looks tell:
  case_work
  verification
  registration
And the looks do not tell:
  certificate
  claim
# That the looks were read is a look too.
When the registrar opens the person for counter_service.
And the registrar prints the certificate.
And the official gives a claim code.
And the registrar opens the looks.
Then the looks tell:
  counter_service
  certificate
  claim
When the verifier opens the looks.
Then the answer is 403 forbidden.
When the registrar2 opens the looks.
Then the answer is 403.
When the auditor opens the looks.
Then the answer is 200.
And the answer does not show:
  declaration
