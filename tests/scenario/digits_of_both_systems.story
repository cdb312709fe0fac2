# Written as people write; stored in one way.
The official declares a birth.
  child.birth.date: ២០២៦-១១-០៣
  child.birth.time: ០៤:៣០
Then the answer is 201.
When the verifier opens the case.
Then declaration.child.birth.date is 2026-11-03
And declaration.child.birth.time is 04:30
When the verifier verifies the case.
And the registrar registers the case.
And the receipt is ready within 2 seconds.
And the registrar prints the certificate.
Then the certificate shows:
  ២០២៦
