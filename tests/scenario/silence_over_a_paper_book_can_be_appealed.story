# A commune that works on paper owes its answer as any other does: the copy, and then the entry, within their days.
A family declares a birth at the paper commune.
  child.birth.date: 5 days ago
And the scribe enters the case in the book.
  declaration.book: {"register": "B", "book": 5, "year": 2026, "page": 1, "serial": 1, "date": "{2 days ago}"}
Then state is on_paper.
When the family appeals the case.
  details.grounds: Nobody copies what stands in the book.
Then the answer is 409 wrong_state.
When 31 days pass.
And the family appeals the case.
  details.grounds: Nobody copies what stands in the book.
Then the answer is 200.
And state is appealed.
And the case is in the queue of the head.
And the case is not in the queue of the chief.
When the keeper allows the appeal.
  details.grounds: I am coming to it.
Then the answer is 403 forbidden.
When the head allows the appeal.
  details.grounds: The page is to be copied at once.
Then state is returned.
When the scribe enters the case in the book.
Then state is on_paper.
When the scribe uploads a photograph as book_page.
And the keeper compares the case with the book.
Then state is transcribed.
# Compared, and then forgotten: the office writes the appeal down for those who have no telephone.
When 8 days pass.
And the scribe appeals the case.
  details.grounds: The family waits for its entry.
Then state is appealed.
When the head allows the appeal.
  details.grounds: It is to be entered at once.
And the scribe enters the case in the book.
And the scribe uploads a photograph as book_page.
And the keeper compares the case with the book.
And the keeper registers the case.
Then the answer is 200.
And entry.book is 5
And entry.serial is 1
