# Registered at once in the book, transcribed later.
A family declares a birth at the paper commune.
Then the answer is 201.
And state is declared.
When the keeper registers the case.
Then the answer is 409 wrong_state.
When the scribe enters the case in the book.
  declaration.book: {"register": "B", "book": 4, "year": 2026, "page": 1, "serial": 1, "date": "{2 days ago}"}
  declaration.child.birth.date: 5 days ago
Then the answer is 200.
And state is on_paper.
When the scribe uploads a photograph as book_page.
And the keeper compares the case with the book.
And the keeper registers the case.
Then the answer is 200.
And entry.serial is 1
When the family tracks the case.
Then state is registered.
