# To be bound and signed, by the office's own registrar; each entry on it is a look.
The official declares a birth.
  child.name.latin: SOK SOPHEAP
  child.name.native: សុខ សុភាព
  child.birth.date: 45 days ago
  late_reason: The road was flooded.
And the verifier verifies the case.
And the registrar registers the case.
Then the answer is 200.
When the official prints /api/v1/register-pages?office={office}&register=B&year={year}&book=1&page=1
Then the answer is 403.
When the registrar2 prints /api/v1/register-pages?office={office}&register=B&year={year}&book=1&page=1
Then the answer is 403.
When the registrar prints /api/v1/register-pages?office={office}&register=B&year={year}&book=1&page=1
Then the answer is 200.
And the paper does not show:
  flooded
When somebody prints /forms/birth.pdf?language=km
Then the answer is 200.
And the paper shows:
  មាតា
And the paper does not show:
  SOK SOPHEAP
