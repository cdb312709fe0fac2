# Given at the counter, for one certificate. Tracking code and secret only track.
The official declares a birth.
And the verifier verifies the case.
And the registrar registers the case.
And the receipt is ready within 2 seconds.
When the family prints the certificate.
Then the answer is 401.
When the verifier gives a claim code.
Then the answer is 403 forbidden.
When the official2 gives a claim code.
Then the answer is 404.
When the official gives a claim code.
Then the answer is 201.
And code looks like [0-9A-Z-]{12,16}
When somebody claims the certificate with the code AAAA-BBBB-CCCC.
Then the answer is 404.
When somebody claims the certificate.
Then the answer is 200.
And the certificate offline, and it is valid.
When 1 day passes.
And somebody claims the certificate.
Then the answer is 410.
When the registrar opens the looks.
Then the looks tell:
  claim
# Another code, which nobody used in time.
When the official gives a claim code.
And 31 days pass.
And somebody claims the certificate.
Then the answer is 410.
