# The day of the country's own calendar helps at the counter, on what is read before signing. It is stored nowhere and printed on no certificate.
Somebody gets /api/v1/calendar/2022-05-15
Then the answer is 200.
And texts.km.lunar looks like .*១៥កើត ខែពិសាខ.*
And lunar.calendar is khmer
When the official declares a birth.
  child.birth.date: 2022-05-15
Then the answer is 201.
When the official prints the draft.
Then the paper shows:
  ថ្ងៃទី១៥ ខែឧសភា ឆ្នាំ២០២២
  ១៥កើត ខែពិសាខ
When the official opens the case.
Then declaration.child.birth.date is "2022-05-15"
And the answer does not show:
  កើត
  lunar
When the verifier verifies the case.
And the registrar registers the case.
And the receipt is ready within 2 seconds.
And the registrar opens the act.
Then the answer does not show:
  កើត
  lunar
When the registrar prints the certificate.
Then the certificate does not show:
  ១៥កើត
# A day of the moon is no date.
When another family comes.
And the official declares a birth.
  child.birth.date: ១៥កើត ខែពិសាខ
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/child/birth/date not_a_date
# Outside the years for which it was checked it is silent.
When somebody gets /api/v1/calendar/1899-12-31
Then lunar is null
