# Who spoke for the informant stands in the act; what language the draft was heard in stays with the case.
The official declares a birth.
  interpreter: {}
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/interpreter/name required
When the official declares a birth.
  informant.draft: {"how": "heard", "language": "other"}
  interpreter.name.latin: CHAN SOPHEA
Then the answer is 201.
When the verifier verifies the case.
And the registrar registers the case.
And the registrar opens the act.
Then declaration.interpreter.name.latin is CHAN SOPHEA
And declaration.informant.draft is (absent)
