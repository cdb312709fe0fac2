Country: mmr
The official declares a birth.
  father: {"name": {"native": "ဦးအောင်မင်း", "latin": "U AUNG MIN"}, "birth_date": {"value": "1990", "precision": "year"}, "basis": "marriage"}
And the verifier verifies the case.
And the registrar registers the case.
Then the answer is 200.
When the official asks for a correction.
  father.name: {"native": "ဦးကျော်စွာ", "latin": "U KYAW SWAR"}
And the verifier verifies the case.
And the official uploads a photograph as signed_draft.
And the registrar registers the case.
Then the answer is 200.
When the official asks for a correction.
  father.birth_date: {"value": "1985", "precision": "year"}
And the verifier verifies the case.
And the official uploads a photograph as signed_draft.
And the official uploads a photograph as recognition_statement.
And the registrar registers the case.
Then the answer is 422 invalid.
And these fields are wrong:
  /evidence evidence_missing
When the official uploads a photograph as court_order.
And the registrar registers the case.
Then the answer is 200.
