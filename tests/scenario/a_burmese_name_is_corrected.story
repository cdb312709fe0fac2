Country: mmr
The official declares a birth.
  child.name.native: မေသူဇာ
  child.name.latin: MAY THU SA
And the verifier verifies the case.
And the registrar registers the case.
And the receipt is ready within 2 seconds.
And the registrar prints the certificate.
When we call this the birth.
And the registrar asks for a correction.
  child.name.latin: MAY THU ZAR
And the verifier verifies the case.
And the registrar registers the case.
Then the answer is 200.
And the receipt is ready within 2 seconds.
When the registrar prints the certificate.
Then the certificate shows:
  MAY THU ZAR
  MAY THU SA
And the certificate offline, and it is valid.
When we turn to the birth.
Then the certificate offline, and it is changed since today.
