# It is measured against the last act for which something that decides was shown, not against what stands alone.
The official declares a birth.
  mother: {"name": {"native": "ចាន់ ធី", "latin": "CHAN THY"}, "birth_date": {"value": "1994", "precision": "year"}}
And the verifier verifies the case.
And the registrar registers the case.
Then the answer is 200.
When the official asks for a correction.
  mother.birth_date: {"value": "1989", "precision": "year"}
And the verifier verifies the case.
And the official uploads a photograph as signed_draft.
And the registrar registers the case.
Then the answer is 200.
When the official asks for a correction.
  mother.name: {"native": "ម៉ៅ បុប្ផា", "latin": "MAO BOPHA"}
And the verifier verifies the case.
And the official uploads a photograph as signed_draft.
And the registrar registers the case.
Then the answer is 422 invalid.
And these fields are wrong:
  /evidence evidence_missing
When the official uploads a photograph as administrative_decision.
And the registrar registers the case.
Then the answer is 200.
# From there on it is she whose name may be misspelt.
When the official asks for a correction.
  mother.name: {"native": "ម៉ៅ បុប្ផារី", "latin": "MAO BOPHARY"}
And the verifier verifies the case.
And the official uploads a photograph as signed_draft.
And the registrar registers the case.
Then the answer is 200.
# A mother whose name stands in Latin letters alone is as little another as one whose name does not.
When another family comes.
And the official declares a birth.
  mother: {"name": {"latin": "MARIA SANTOS"}, "birth_date": {"value": "1994", "precision": "year"}}
And the verifier verifies the case.
And the registrar registers the case.
Then the answer is 200.
When the official asks for a correction.
  mother: {"name": {"latin": "LENA KRAUSE"}, "birth_date": {"value": "1989", "precision": "year"}}
And the verifier verifies the case.
And the official uploads a photograph as signed_draft.
And the registrar registers the case.
Then the answer is 422 invalid.
And these fields are wrong:
  /evidence evidence_missing
# A birth date that nobody knows tells nobody apart: the name alone does.
When another family comes.
And the official declares a birth.
  mother: {"name": {"native": "ចាន់ ធី", "latin": "CHAN THY"}, "birth_date": {"precision": "unknown"}}
And the verifier verifies the case.
And the registrar registers the case.
Then the answer is 200.
When the official asks for a correction.
  mother.name: {"native": "ម៉ៅ បុប្ផា", "latin": "MAO BOPHA"}
And the verifier verifies the case.
And the official uploads a photograph as signed_draft.
And the registrar registers the case.
Then the answer is 422 invalid.
And these fields are wrong:
  /evidence evidence_missing
When the official asks for a correction.
  mother.name: {"native": "ចាន់ ធី", "latin": "CHAN THI"}
And the verifier verifies the case.
And the official uploads a photograph as signed_draft.
And the registrar registers the case.
Then the answer is 200.
