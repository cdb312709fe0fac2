Country: khm, alone
# From a day on it works electronically; what was begun on paper ends as it began.
The scribe declares a birth at the paper commune.
  book: {"register": "B", "book": 1, "year": 2026, "page": 9, "serial": 81, "date": "{today}"}
  child.birth.date: 2026-11-12
Then state is on_paper.
And regime is paper
When we call this the paper case.
And from today on the paper commune works as electronic.
And another family comes.
And the scribe declares a birth at the paper commune.
Then state is declared.
And regime is electronic
When the keeper registers the case.
Then the answer is 409 wrong_state.
When the verifier verifies the case.
And the keeper registers the case.
Then the answer is 200.
And entry.serial is 1
When we turn to the paper case.
And the scribe uploads a photograph as book_page.
And the keeper compares the case with the book.
And the keeper registers the case.
Then the answer is 200.
And entry.serial is 81
