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
