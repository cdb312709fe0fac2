# A code that was given, and not used, is worth nothing once the act is replaced.
The official declares a birth.
  child.name.latin: SOK MONII
And the verifier verifies the case.
And the registrar registers the case.
And the receipt is ready within 2 seconds.
When the official gives a claim code.
Then the answer is 201.
When the official asks for a correction.
  child.name.latin: SOK MONY
And the verifier verifies the case.
And the registrar registers the case.
And the receipt is ready within 2 seconds.
And the registrar prints the certificate.
Then the answer is 200.
When somebody claims the certificate.
Then the answer is 409.
