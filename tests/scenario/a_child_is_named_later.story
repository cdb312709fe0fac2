# By an act of its own, with a note in the margin; the certificate without a name is changed. It gives a name where there is
# none, and alters nothing else.
The official declares a birth.
  child.name: null
  child.naming: not_yet_named
And the verifier verifies the case.
And the registrar registers the case.
And the receipt is ready within 2 seconds.
And the registrar prints the certificate.
Then the certificate offline, and it is valid.
When we call this the birth.
And the official asks for a naming.
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/child/naming must_be
When the official asks for a naming.
  child.naming: named
  child.name: {"native": "សុខ រតនា", "latin": "SOK RATANA"}
  child.birth.date: 40 days ago
And the registrar registers the case.
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/child/birth/date unexpected
When the official asks for a naming.
  child.naming: named
  child.name: {"native": "សុខ រតនា", "latin": "SOK RATANA"}
Then the answer is 201.
When the verifier verifies the case.
Then the answer is 404.
When the registrar registers the case.
Then the answer is 200.
And entry.register is N
And the receipt is ready within 2 seconds.
When the registrar prints the certificate.
Then the certificate shows:
  SOK RATANA
And the certificate offline, and it is valid.
When we call this the naming.
And we turn to the birth.
Then the certificate offline, and it is changed since today.
When the registrar prints the certificate.
Then the answer is 409 act_superseded.
When we turn to the naming.
And the registrar opens the person for counter_service.
Then the answer shows:
  SOK RATANA
# Who has a name is not named anew: what is wrong with it is corrected.
When the official asks for a naming.
  child.name: {"native": "ម៉ៅ សុភា", "latin": "MAO SOPHEA"}
And the registrar registers the case.
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/child/naming unexpected
