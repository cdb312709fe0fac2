The official declares a birth.
  child.birth.date: 5 days ago
  mother.birth_date: {"value": "{9 years ago}", "precision": "day"}
  father.birth_date: {"value": "1920-01", "precision": "month"}
Then the answer is 201.
And these warnings are given:
  /declaration/mother/birth_date implausible_age
  /declaration/father/birth_date implausible_age
When the verifier opens the case.
Then these warnings are given:
  /declaration/mother/birth_date implausible_age
  /declaration/father/birth_date implausible_age
When the verifier verifies the case.
And the registrar registers the case.
Then the answer is 200.
# Born after the child: that is no matter of likelihood.
When another family comes.
And the official declares a birth.
  child.birth.date: 3 days ago
  mother.birth_date: {"value": "{1 day ago}", "precision": "day"}
Then the answer is 422 invalid.
