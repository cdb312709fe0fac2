The official declares a birth.
  mother.ethnicity: x
  child.religion: x
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/mother/ethnicity forbidden_field
  /declaration/child/religion forbidden_field
And nothing is stored.
