# Born abroad: a country and a text for the place, no code of the gazetteer.
The attache declares a birth at the consulate.
  child.birth.place: (absent)
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/child/birth/place required
When the attache declares a birth at the consulate.
  child.birth.abroad: {"country": "TH", "place": "Samut Prakan"}
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/child/birth/abroad unexpected
When the attache declares a birth at the consulate.
  child.birth.date: 45 days ago
  child.birth.place: (absent)
  child.birth.abroad: {"country": "TH", "place": "Samut Prakan"}
Then the answer is 201.
When the verifier verifies the case.
Then the answer is 404.
When the secretary opens the case.
# Abroad the ordinary period is longer.
Then band.name is on_time
When the secretary verifies the case.
Then the answer is 200.
When the consul registers the case.
Then the answer is 200.
And the receipt is ready within 2 seconds.
When the consul prints the certificate.
Then the certificate shows:
  Samut Prakan
And the certificate offline, and it is valid.
