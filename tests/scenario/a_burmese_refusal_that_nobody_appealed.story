Country: mmr
The official declares a birth.
And the verifier verifies the case.
And the registrar rejects the case.
  reason: not_the_event
  details.grounds: The hospital knows of no such birth.
Then state is rejected.
And the reserved number is reserved.
When 31 days pass.
Then the case becomes refused by itself.
And the reserved number is retired.
And the family tracks the case.
And state is refused.
# Of a naming nothing is reserved: it ends all the same.
When another family comes.
And the official declares a birth.
  child.name: null
  child.naming: not_yet_named
And the verifier verifies the case.
And the registrar registers the case.
And the official asks for a naming.
  child.naming: named
  child.name: {"native": "မေသူဇာ", "latin": "MAY THU ZAR"}
And the registrar rejects the case.
  reason: evidence_missing
  details.grounds: Nobody signed.
And 31 days pass.
Then the case becomes refused by itself.
