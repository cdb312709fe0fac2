The official declares a birth.
And the answer is 201.
When the same request is sent again.
Then the answer is 201.
When the verifier verifies the case.
And the same request is sent again.
Then the answer is 200.
And state is verified.
When the registrar registers the case.
And the same request is sent again.
Then the answer is 200.
And personal_number looks like [2-9]\d{9}
