The official declares a birth.
When the verifier holds the case.
Then the answer is 200.
When the verifier2 verifies the case.
Then the answer is 409 held.
When the verifier releases the case.
And the verifier2 verifies the case.
Then the answer is 200.
