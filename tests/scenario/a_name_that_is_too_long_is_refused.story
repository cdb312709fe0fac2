The official declares a birth.
  child.name.native: ក × 400
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/child/name/native too_long
And nothing is stored.
