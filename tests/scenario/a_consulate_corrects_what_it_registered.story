# What a consulate registered it keeps: it corrects it itself, once the ministry has verified that.
The attache declares a birth at the consulate.
  child.birth.date: 45 days ago
  child.birth.place: (absent)
  child.birth.abroad: {"country": "TH", "place": "Samut Prakarn"}
And the secretary verifies the case.
And the consul registers the case.
Then the answer is 200.
And the receipt is ready within 2 seconds.
When the consul prints the certificate.
Then the certificate offline, and it is valid.
When we call this the birth.
# No other office's, and no clerk's or family's matter.
And the official asks for a correction.
Then the answer is 422 invalid.
And these fields are wrong:
  /person person_unknown
When the secretary asks for a correction.
Then the answer is 403 forbidden.
When the attache asks for a correction.
  child.birth.place: "04990101"
  child.birth.abroad.place: Samut Prakan
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/child/birth/abroad unexpected
When the attache asks for a correction.
  child.birth.abroad.place: Samut Prakan
  correction.reason: wrong_place
Then the answer is 201.
And office is khm/C1
When the verifier verifies the case.
Then the answer is 404.
When the consul registers the case.
Then the answer is 409 wrong_state.
When the secretary verifies the case.
And the registrar registers the case.
Then the answer is 404.
When the consul registers the case.
Then the answer is 200.
And entry.office is khm/C1
And entry.register is C
And the receipt is ready within 2 seconds.
When the consul prints the certificate.
Then the certificate shows:
  Samut Prakan
  Samut Prakarn
And the certificate offline, and it is valid.
When we turn to the birth.
Then the certificate offline, and it is changed since today.
