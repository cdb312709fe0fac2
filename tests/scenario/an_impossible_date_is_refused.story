The official declares a birth.
  child.birth.date: 2025-02-29
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/child/birth/date not_a_date
And nothing is stored.
