Country: zed
# Bands, periods and offices other than anywhere else: who landed long ago is doubted first, and nobody may hurry.
The official declares an arrival at the island.
  landed: 4 years ago
  born: (absent)
Then the answer is 201.
When the registrar opens the case.
Then band.name is ancient
And fee is null
When the registrar writes the case.
Then the answer is 409 wrong_state.
When the registrar doubts the case.
Then the answer is 422 invalid.
And these fields are wrong:
  /reason required
When the registrar doubts the case.
  reason: tide
Then state is doubted.
When the official2 waits for the case.
Then the answer is 404.
When the official waits for the case.
Then the answer is 409 wrong_state.
When 6 days pass.
And the official waits for the case.
Then the answer is 200.
And state is seen.
When the registrar doubts the case.
  reason: tide
And the registrar writes the case.
Then the answer is 200.
