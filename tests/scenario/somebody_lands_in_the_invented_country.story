Country: zed
# No word of births here, no parents, one registrar for the whole nation: every rule is the pack's.
A family declares an arrival.
Then the answer is 403 forbidden.
When the verifier declares an arrival.
Then the answer is 403 forbidden.
# A commune's officer may tell of it at any island.
When the official declares an arrival at the other island.
  who: Κυρία Άννα Πέτρου
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/who title_in_name
When the official declares an arrival at the island.
  born: {"value": "{2 years ago}", "precision": "day"}
  kin: Νίκος Ράλλης
  paces: 40
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/helm required
When the official declares an arrival at the island.
  born: {"value": "{2 years ago}", "precision": "day"}
  kin: Νίκος Ράλλης
  shown: (absent)
Then the answer is 201.
And state is seen.
And these warnings are given:
  /declaration/born implausible_age
  /declaration/who other_surname
When the registrar opens the case.
Then band.name is prompt
And fee.amount is 0
And fee.currency is ZED
And next may come write
# Nothing is verified here: who writes reserves the number.
When the official writes the case.
Then the answer is 403 forbidden.
When the registrar writes the case.
Then the answer is 422 invalid.
And these fields are wrong:
  /evidence evidence_missing
When the official uploads a photograph as feather.
And the registrar writes the case.
Then the answer is 200.
And state is written.
And entry.text looks like ARR-A\.\d{4}\.\d+\.\d+
And personal_number looks like \d{10}
And the receipt is ready within 2 seconds.
When the registrar prints the certificate.
Then the certificate shows:
  Άννα Πέτρου
  ANNA PETROU
And the certificate offline, and it is valid.
When the registrar gives the case.
Then the answer is 403 forbidden.
When the official gives the case.
  details: {"to": "THE TRAVELLER"}
Then the answer is 200.
And state is given.
