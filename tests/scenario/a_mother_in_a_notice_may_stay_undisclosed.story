# Who does not wish to be visited is not named by the hospital; and who is left out later is no longer shown.
The clerk notifies a birth.
  notice: {"visit_consent": false}
  mother: {"name": {"native": "ចាន់ សុភាព", "latin": "CHAN SOPHEAP"}}
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/mother unexpected
When the clerk notifies a birth.
  notice: {"visit_consent": true, "contact": "012 345 678"}
  mother: {"name": {"native": "ចាន់ សុភាព", "latin": "CHAN SOPHEAP"}}
Then the answer is 201.
When the official opens the case.
Then declaration.mother.name.latin is CHAN SOPHEAP
When the family completes the case.
  declaration.mother: (absent)
Then the answer is 200.
When the official opens the case.
Then notice.notice.contact is 012 345 678
And notice.mother is (absent)
And declaration.mother is (absent)
And the answer does not show:
  CHAN SOPHEAP
When the verifier gets /api/v1/cases/{case}?version=1
Then the answer is 200.
And declaration.notice.contact is 012 345 678
And the answer does not show:
  CHAN SOPHEAP
