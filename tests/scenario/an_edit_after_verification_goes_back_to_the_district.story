# What the district verified is what is registered: a later change is verified again.
The official declares a birth.
  child.sex: female
And the verifier verifies the case.
Then state is verified.
When the official amends the case.
  declaration.child.sex: undetermined
Then the answer is 200.
And state is declared.
And the case is in the queue of the verifier.
When the registrar registers the case.
Then the answer is 409 wrong_state.
When the verifier opens the case.
Then declaration.child.sex is undetermined
And history.2.transition is amend
And number_reserved is true
When the verifier gets /api/v1/cases/{case}?version=1
Then the answer is 200.
And declaration.child.sex is female
When the verifier gets /api/v1/cases/{case}?version=99
Then the answer is 422 invalid.
When the verifier verifies the case.
And the registrar registers the case.
Then the answer is 200.
When the official amends the case.
  declaration.child.sex: male
Then the answer is 409 wrong_state.
