# A child was found and entered in the commune's book of paper: the line is copied, and nothing is decided anew.
The scribe declares a foundling at the paper commune.
  child.name.native: ជា សំណាង
  child.name.latin: CHEA SAMNANG
  child.birth.date: 2025-10-20
  finding.date: 2025-10-28
  finding.circumstances: Under the roof of the market.
  finding.finder.name.latin: FINDER OF THE CHILD
  book: {"register": "B", "book": 3, "year": 2025, "page": 19, "serial": 58, "date": "2025-10-25"}
  evidence: (absent)
# Nobody enters a child before it was found.
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/book/date before_other_date
When the scribe declares a foundling at the paper commune.
  child.name.native: ជា សំណាង
  child.name.latin: CHEA SAMNANG
  child.birth.date: 2025-10-20
  finding.date: 2025-10-28
  finding.circumstances: Under the roof of the market.
  finding.finder.name.latin: FINDER OF THE CHILD
  book: {"register": "B", "book": 3, "year": 2025, "page": 19, "serial": 58, "date": "2025-11-03"}
  evidence: (absent)
Then the answer is 201.
And state is on_paper.
When the keeper opens the case.
Then band.name is on_time
When the keeper compares the case with the book.
Then the answer is 422 invalid.
And these fields are wrong:
  /evidence evidence_missing
When the scribe uploads a photograph as book_page.
And the keeper compares the case with the book.
Then the answer is 200.
And state is transcribed.
When the keeper registers the case.
Then the answer is 200.
And entry.book is 3
And entry.serial is 58
And the receipt is ready within 2 seconds.
When the keeper opens the act.
Then header.kind is birth
And header.origin is 2
And header.paper.date is 2025-11-03
And header.paper.page is 19
When the keeper prints the certificate.
Then the certificate offline, and it is valid.
And the certificate shows:
  CHEA SAMNANG
