Country: zed
# Other names for a refusal and an appeal: who is spurned may plead for four days, and after that it is over.
The official declares an arrival at the island.
  landed: 4 years ago
  born: (absent)
When the registrar doubts the case.
  reason: tide
And the registrar spurns the case.
  reason: tide
Then state is spurned.
When the official pleads for the case.
Then the answer is 200.
And state is pleaded.
When the registrar heeds the case.
Then state is doubted.
When the registrar spurns the case.
  reason: tide
Then state is spurned.
When 5 days pass.
And the case becomes sunk by itself.
And the official pleads for the case.
Then the answer is 409 wrong_state.
