The official declares a birth.
And the verifier verifies the case.
And the answer is 200.
And personal_number is "(absent)"
When the registrar rejects the case.
  reason: duplicate
Then the answer is 422 invalid.
And these fields are wrong:
  /details/grounds required
When the registrar rejects the case.
  reason: duplicate
  details.grounds: The child stands in the register already, under the name that the mother gave at the hospital.
Then the answer is 200.
And state is rejected.
And personal_number is "(absent)"
When the registrar registers the case.
Then the answer is 409 wrong_state.
