# A missing reason never blocks; the fine stands there with its law.
The official declares a birth.
  child.birth.date: 40 days ago
Then the answer is 201.
When the verifier opens the case.
Then band.name is late
And fee.amount is 10000
And fee.currency is KHR
And fee.law.id is late-fine
And fee.certainty is secondary
And evidence_expected.3 is witness_statement
When the official prints the slip.
Then the answer is 200.
And the paper shows:
  ១០០០០ KHR
  ប្រាក់ពិន័យចំពោះការប្រកាសយឺត
  សេចក្តីបញ្ជាក់របស់សាក្សី
When the official prints /api/v1/cases/{case}/slip.pdf?language=en
Then the paper shows:
  10000 KHR
  Fine for late reporting, 10,000 riel
When the verifier verifies the case.
And the registrar registers the case.
Then the answer is 200.
When another family comes.
And the official declares a birth.
  child.birth.date: 3 days ago
And the verifier opens the case.
Then band.name is on_time
And fee.amount is 0
# What is amended may be earlier than it was said to be.
When the official amends the case.
  declaration.child.birth.date: 500 days ago
And the verifier opens the case.
Then band.name is very_late
And evidence_expected.0 is health_card
