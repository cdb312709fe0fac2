# Somebody whom a consulate registered dies abroad: the consulate enters it, with a country and a text for the place.
The attache declares a birth at the consulate.
  child.birth.date: 45 days ago
  child.birth.place: (absent)
  child.birth.abroad: {"country": "TH", "place": "Samut Prakan"}
And the secretary verifies the case.
And the consul registers the case.
Then the answer is 200.
And the receipt is ready within 2 seconds.
When the consul prints the certificate.
Then the certificate offline, and it is valid.
When the official declares a death.
  death.abroad: {"country": "TH", "place": "Bangkok"}
Then the answer is 422 invalid.
And these fields are wrong:
  /person person_unknown
When the attache declares a death.
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/death/place required
When the attache declares a death.
  death.abroad: {"country": "TH", "place": "Bangkok"}
Then the answer is 201.
And office is khm/C1
When the registrar registers the case.
Then the answer is 404.
When the consul opens the case.
Then band.name is on_time
And regime is consular
When the consul registers the case.
Then the answer is 200.
And entry.office is khm/C1
And entry.register is D
And the receipt is ready within 2 seconds.
When the consul opens the person for counter_service.
Then status is died
When the attache asks for a correction.
  child.birth.abroad.place: Samut Prakarn
Then the answer is 201.
