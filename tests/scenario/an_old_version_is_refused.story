The official declares a birth.
And the verifier verifies the case.
When the registrar registers the case as of version 1.
Then the answer is 412 changed_meanwhile.
