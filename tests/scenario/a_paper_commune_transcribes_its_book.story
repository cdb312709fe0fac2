# The commune registered on paper; what stands in its book is copied, and nothing is decided anew.
The scribe declares a birth at the paper commune.
  child.birth.date: 2025-10-20
  book: {"register": "B", "book": 3, "year": 2025, "page": 17, "serial": 52, "date": "2025-11-02"}
  informant.draft: (absent)
  evidence: (absent)
Then the answer is 201.
And state is on_paper.
# It was in time when it was entered in the book: copying it makes nobody late.
When the keeper opens the case.
Then band.name is on_time
And fee.amount is 0
When the scribe compares the case with the book.
Then the answer is 403 forbidden.
When the keeper compares the case with the book.
Then the answer is 422 invalid.
And these fields are wrong:
  /evidence evidence_missing
# A page that is only named was seen by nobody.
When the scribe amends the case.
  declaration.evidence: [{"kind": "book_page"}]
Then the answer is 200.
When the keeper compares the case with the book.
Then the answer is 422 invalid.
And these fields are wrong:
  /evidence evidence_missing
When the scribe uploads a photograph as book_page.
Then the answer is 204.
When the keeper registers the case.
Then the answer is 409 wrong_state.
When the keeper compares the case with the book.
Then the answer is 200.
And state is transcribed.
When the registrar registers the case.
Then the answer is 404.
When the keeper registers the case.
Then the answer is 200.
And entry.book is 3
And entry.year is 2025
And entry.serial is 52
And personal_number looks like [2-9]\d{9}
And the receipt is ready within 2 seconds.
# 2: transcribed from paper.
When the keeper opens the act.
Then header.origin is 2
And header.entry.register is B
And header.entry.serial is 52
And header.paper.date is 2025-11-02
And header.paper.page is 17
When the keeper prints the certificate.
Then the answer is 200.
And the certificate offline, and it is valid.
# Its page tells the day that stands in the book, not today's.
When the keeper prints /api/v1/register-pages?register=B&year=2025&book=3&page=6&paper=1&language=en
Then the answer is 200.
And the paper shows:
  2 November 2025
When the scribe hands over the certificate.
Then state is handed_over.
# The same line of the same book again.
When another family comes.
And the scribe declares a birth at the paper commune.
  child.birth.date: 2025-10-20
  book: {"register": "B", "book": 3, "year": 2025, "page": 17, "serial": 52, "date": "2025-11-02"}
And the scribe uploads a photograph as book_page.
And the keeper compares the case with the book.
And the keeper registers the case.
Then the answer is 409.
