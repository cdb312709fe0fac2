The official declares a birth.
And the verifier verifies the case.
And the registrar registers the case.
And the receipt is ready within 2 seconds.
And the registrar prints the certificate.
When the registrar proposes a cancellation.
And the registrar gives notice of the case.
And the registrar hears the parties.
And the registrar decides the case.
  details.grounds: Two entries speak of one child.
And the official appeals the decision.
  details.grounds: They are twins.
Then the answer is 200.
And state is appealed.
And the case is in the queue of the chief.
When 100 days pass.
And the registrar registers the case.
Then the answer is 409 wrong_state.
And the certificate offline, and it is valid.
When the registrar upholds the decision.
  details.grounds: My own decision.
Then the answer is 403 forbidden.
When the chief opens the case for appeal.
Then the answer is 200.
When the chief dismisses the case.
  details.grounds: They are twins indeed.
Then the answer is 200.
And state is dismissed.
When the registrar registers the case.
Then the answer is 409 wrong_state.
And the certificate offline, and it is valid.
When the registrar opens the looks.
Then the looks tell:
  appeal
# Whom it concerns has that in writing too.
When the official prints /api/v1/cases/{case}/decision.pdf?language=en
Then the paper shows:
  the entry is not cancelled
  They are twins indeed.
