The official declares a birth.
  child.sex: maybe
  child.birth.date: 2 days ahead
  child.birth.place: "99999999"
  mother.birth_date.value: 1998-13
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/child/sex not_a_choice
  /declaration/child/birth/date in_the_future
  /declaration/child/birth/place unknown_place
  /declaration/mother/birth_date/value not_a_date
And nothing is stored.
