# The whole path, as most births take it.
The official declares a birth.
  child.name.native: សុខ ដារ៉ា
  child.name.latin: SOK DARA
  child.sex: male
  child.birth.date: 3 days ago
  child.birth.time: 04:30
Then the answer is 201.
And state is declared.
And tracking_code looks like [0-9A-Z-]{6,}
When the verifier opens the case.
Then the answer is 200.
And declaration.child.name.native is សុខ ដារ៉ា
And duplicates.searched is true
When the verifier verifies the case.
Then the answer is 200.
And state is verified.
When the registrar registers the case.
Then the answer is 200.
And state is registered.
And personal_number looks like [2-9]\d{9}
And entry.serial looks like [1-9]\d*
And the receipt is ready within 2 seconds.
When the registrar prints the certificate.
Then the answer is 200.
And the certificate shows:
  សុខ ដារ៉ា
  SOK DARA
Then the certificate offline, and it is valid.
And with one bit changed the certificate is not valid.
When the registrar opens the person for counter_service.
Then the answer is 200.
When the registrar opens the looks.
Then the answer is 200.
