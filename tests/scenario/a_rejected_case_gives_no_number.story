The official declares a birth.
And the verifier verifies the case.
And the answer is 200.
And personal_number is "(absent)"
When the registrar rejects the case.
  reason: duplicate
Then the answer is 200.
And state is rejected.
And personal_number is "(absent)"
When the registrar registers the case.
Then the answer is 409 wrong_state.
