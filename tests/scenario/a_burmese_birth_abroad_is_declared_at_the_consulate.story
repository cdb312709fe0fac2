Country: mmr
# Born abroad: a country and a text for the place, no code of the gazetteer; the ministry verifies what the consulate registers.
The attache declares a birth at the consulate.
  child.birth.date: 45 days ago
  child.birth.place: (absent)
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/child/birth/place required
When the attache declares a birth at the consulate.
  child.birth.date: 45 days ago
  child.birth.place: (absent)
  child.birth.abroad: {"country": "TH", "place": "Samut Sakhon"}
Then the answer is 201.
And office is mmr/C1
When the verifier verifies the case.
Then the answer is 404.
When the secretary opens the case.
# Abroad the ordinary period is longer than at home.
Then band.name is on_time
And regime is consular
When the consul registers the case.
Then the answer is 409 wrong_state.
When the secretary verifies the case.
And the consul registers the case.
Then the answer is 200.
And entry.office is mmr/C1
And personal_number looks like [2-9]\d{9}
And the receipt is ready within 2 seconds.
When the consul prints the certificate.
Then the certificate shows:
  Samut Sakhon
And the certificate offline, and it is valid.
# What the consulate registered it keeps.
When the attache asks for a correction.
  child.birth.abroad.place: Mae Sot
  correction.reason: wrong_place
Then the answer is 201.
When the secretary verifies the case.
And the consul registers the case.
Then the answer is 200.
And entry.register is C
# Refused, appealed, and heard by the nation's registrar.
When another family comes.
And a family declares a birth at the consulate.
  child.birth.date: 45 days ago
  child.birth.place: (absent)
  child.birth.abroad: {"country": "MY", "place": "Klang"}
Then the answer is 201.
When the consul rejects the case.
  reason: evidence_missing
  details.grounds: Nothing says that the child was born.
Then state is rejected.
When the family appeals the decision.
  details.grounds: The clinic has closed.
Then state is appealed.
And the case is in the queue of the minister.
When the minister allows the appeal.
  details.grounds: Witnesses are enough.
Then state is returned.
