The official declares a birth.
When the official verifies the case.
Then the answer is 403 forbidden.
When the verifier registers the case.
Then the answer is 403.
When the registrar2 opens the case.
Then the answer is 404.
When the auditor opens the case.
Then the answer is 403.
When the admin opens the case.
Then the answer is 403.
When somebody opens the case.
Then the answer is 401 unauthenticated.
