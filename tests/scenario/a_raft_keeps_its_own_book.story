Country: zed
# An office of another regime: its registrar declares and writes, and nobody else has a part in it.
The registrar declares an arrival at the raft.
Then the answer is 403 other_office.
When the rafter declares an arrival at the raft.
  shown: (absent)
Then the answer is 201.
And state is adrift.
When the registrar writes the case.
Then the answer is 403 forbidden.
When the rafter writes the case.
Then the answer is 200.
And entry.office is zed/R
# What its log had already is copied, with the number that stands there.
When the rafter declares an arrival at the raft.
  shown: (absent)
  book: {"register": "ARR", "book": 2, "year": 2025, "serial": 7, "date": "2025-10-05"}
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/book unexpected
When the rafter declares an arrival at the raft.
  shown: (absent)
Then the answer is 201.
When the rafter scratches the case.
  declaration.book: {"register": "ARR", "book": 2, "year": 2025, "serial": 7, "date": "2025-10-05"}
Then the answer is 200.
And state is scratched.
When the rafter writes the case.
Then the answer is 200.
And entry.book is 2
And entry.year is 2025
And entry.serial is 7
