Country: zed
# What is notified here is forgotten after two days, and may be seen again.
The clerk notifies an arrival.
  shown: (absent)
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/notice unknown_field
  /declaration/glimpse required
The clerk notifies an arrival.
  notice: (absent)
  at: (absent)
  glimpse: {"seen_by": "A gull", "mood": {"tide": 5}}
Then the answer is 201.
And state is glimpsed.
When the registrar opens the case.
Then declaration.glimpse.seen_by is A gull
And declaration.glimpse.mood is (absent)
When the official drifts with the case to the other island.
Then the answer is 200.
When 3 days pass.
And the case becomes forgotten by itself.
When the official2 sees the case.
  declaration.at: A001
Then the answer is 200.
And state is seen.
When the registrar writes the case.
Then the answer is 200.
And entry.office is zed/B
