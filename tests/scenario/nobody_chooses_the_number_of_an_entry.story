# Where an office enters births by itself, no declaration brings the number and the day of its entry.
A family declares a birth.
  child.birth.date: 5 days ago
  book: {"register": "B", "book": 9, "year": 2026, "serial": 777313, "date": "{2 days ago}"}
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/book unexpected
When the official declares a birth.
  child.birth.date: 5 days ago
  book: {"register": "Z", "book": 9, "year": 1999, "serial": 777313, "date": "{2 days ago}"}
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/book unexpected
And nothing is stored.
# Not by amending either.
When the official declares a birth.
Then the answer is 201.
When the official amends the case.
  declaration.book: {"register": "B", "book": 9, "year": 2026, "serial": 777313, "date": "{today}"}
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/book unexpected
When the verifier verifies the case.
And the registrar registers the case.
Then the answer is 200.
And entry.register is B
And the answer does not show:
  777313
# An office that works on paper enters what a family declared in its book first.
When another family comes.
And a family declares a birth at the paper commune.
  child.birth.date: 5 days ago
  book: {"register": "B", "book": 9, "year": 2026, "serial": 777313, "date": "{2 days ago}"}
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/book unexpected
# What it copies stands in the book of that register and that year.
When the scribe declares a birth at the paper commune.
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/book required
When the scribe declares a birth at the paper commune.
  child.birth.date: 2025-10-20
  book: {"register": "Z", "book": 3, "year": 1999, "serial": 777313, "date": "2025-11-02"}
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/book/register must_be
  /declaration/book/year must_be
