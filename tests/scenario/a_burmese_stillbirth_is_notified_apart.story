Country: mmr
The official declares a foetal death.
  mother: (absent)
Then the answer is 201.
And tracking_code is null
When the registrar registers the case.
Then the answer is 200.
And personal_number is null
