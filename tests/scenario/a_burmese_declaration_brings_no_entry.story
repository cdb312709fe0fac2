Country: mmr
# No office there copies a book of paper: the form has no place for one.
The official declares a birth.
  book: {"register": "B", "book": 9, "year": 2026, "serial": 777, "date": "{today}"}
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/book unknown_field
And nothing is stored.
