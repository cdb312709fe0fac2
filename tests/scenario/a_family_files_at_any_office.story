# No office turns a family away because it lives elsewhere.
A family declares a birth at the neighbouring commune.
Then the answer is 201.
And state is declared.
When the official opens the case.
Then the answer is 404.
When the official2 prints the slip.
Then the answer is 200.
When a family declares a birth at the hospital.
Then the answer is 422 invalid.
And these fields are wrong:
  /office office_keeps_none
