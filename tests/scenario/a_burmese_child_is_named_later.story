Country: mmr
The official declares a birth.
  child.name: null
  child.naming: not_yet_named
And the verifier verifies the case.
And the registrar registers the case.
And the receipt is ready within 2 seconds.
And the registrar prints the certificate.
When we call this the birth.
And the official asks for a naming.
  child.naming: named
  child.name: {"native": "မေသူဇာ", "latin": "MAY THU ZAR"}
And the registrar registers the case.
Then the answer is 200.
And the receipt is ready within 2 seconds.
When the registrar prints the certificate.
Then the certificate shows:
  MAY THU ZAR
And the certificate offline, and it is valid.
When we call this the naming.
And we turn to the birth.
Then the certificate offline, and it is changed since today.
When we turn to the naming.
And the official asks for a naming.
  child.name: {"native": "အေးအေးမြင့်", "latin": "AYE AYE MYINT"}
  child.sex: undetermined
And the registrar registers the case.
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/child/sex unexpected
When the official asks for a naming.
  child.name: {"native": "အေးအေးမြင့်", "latin": "AYE AYE MYINT"}
And the registrar registers the case.
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/child/naming unexpected
