# There is not even a field for one.
The official declares a birth.
  father: (absent)
  father_absent_because: unknown
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/father_absent_because unknown_field
When the official declares a birth.
  father: (absent)
Then the answer is 201.
And no warning is given.
When the verifier verifies the case.
And the registrar registers the case.
Then the answer is 200.
And the receipt is ready within 2 seconds.
When the registrar prints the certificate.
Then the certificate offline, and it is valid.
