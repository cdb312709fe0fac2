# Nobody reads it in the case or the act, and no paper carries it.
The official declares a birth.
  statistics: {"weight": 3214, "gestation": 39, "attendant": "midwife", "education": "secondary", "occupation": "weaver of silk", "earlier_children": 2}
Then the answer is 201.
When the verifier opens the case.
Then declaration.statistics is (absent)
And the answer does not show:
  3214
  weaver of silk
When the official prints the draft.
Then the paper does not show:
  3214
  weaver of silk
When the verifier verifies the case.
And the registrar registers the case.
And the receipt is ready within 2 seconds.
And the registrar opens the act.
Then declaration.statistics is (absent)
And the answer does not show:
  weaver of silk
When the registrar opens the person for counter_service.
Then the answer does not show:
  weaver of silk
When the registrar prints the certificate.
Then the certificate does not show:
  3214
  weaver of silk
When another family comes.
And the official declares a birth.
  statistics: {"weight": 3214, "religion": "x"}
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/statistics/religion forbidden_field
When the official declares a birth.
  statistics: {"weight": 5}
Then the answer is 422 invalid.
