# Who went to a family says what came of it and when somebody comes again; the case stays where it is.
The clerk notifies a birth.
  notice: {"visit_consent": true, "contact": "012 345 678"}
Then state is notified.
When the clerk visits the family of the case.
  reason: not_at_home
Then the answer is 403 forbidden.
When the official visits the family of the case.
  details.visited_on: today
Then the answer is 422 invalid.
And these fields are wrong:
  /reason required
When the official visits the family of the case.
  reason: too_far
  details.visited_on: today
Then the answer is 422 invalid.
And these fields are wrong:
  /reason not_a_choice
When the official visits the family of the case.
  reason: not_at_home
  details.next_visit: 3 days ahead
Then the answer is 422 invalid.
And these fields are wrong:
  /details/visited_on required
When the official visits the family of the case.
  reason: not_at_home
  details.visited_on: 1 day ago
  details.next_visit: 2 days ago
Then the answer is 422 invalid.
And these fields are wrong:
  /details/next_visit before_other_date
When the official visits the family of the case.
  reason: not_at_home
  details.visited_on: 3 days ahead
Then the answer is 422 invalid.
And these fields are wrong:
  /details/visited_on in_the_future
When the official visits the family of the case.
  reason: not_at_home
  note: The neighbours say: after the harvest
  details.visited_on: 1 day ago
  details.next_visit: 9 days ahead
Then the answer is 200.
And state is notified.
And version is 2.
And the case is in the queue of the official.
When the registrar visits the family of the case.
  reason: will_come
  details.visited_on: 1 day ago
Then version is 3.
When the official opens the case.
Then history.1.transition is visit
And history.1.reason is not_at_home
And history.1.details.next_visit is 9 days ahead
And history.2.reason is will_come
When the family completes the case.
Then state is declared.
When the official visits the family of the case.
  reason: will_come
  details.visited_on: 1 day ago
Then the answer is 409 wrong_state.
# Who wishes no visit gets none, and nobody is shown that move.
When another family comes.
And the clerk notifies a birth.
  notice: {"visit_consent": false}
Then state is notified.
When the official opens the case.
Then the answer does not show:
  "transition":"visit"
When the official visits the family of the case.
  reason: not_at_home
  details.visited_on: 1 day ago
Then the answer is 409 wrong_state.
