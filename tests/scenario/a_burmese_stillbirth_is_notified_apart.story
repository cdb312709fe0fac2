Country: mmr
The official declares a foetal death.
  mother: (absent)
Then the answer is 201.
And tracking_code is null
When the registrar registers the case.
Then the answer is 200.
And personal_number is null
# A refusal that nobody appealed is for good when its days are over, and not before.
When the official declares a foetal death.
And the registrar rejects the case.
  reason: evidence_missing
  details.grounds: No midwife was there.
Then state is rejected.
When 31 days pass.
Then the case becomes refused by itself.
