# Whoever is concerned has it on paper: which entry, why, when they are heard, how they appeal, and that an appeal suspends it.
The official declares a birth.
And the verifier verifies the case.
And the registrar registers the case.
When the registrar proposes a cancellation.
And the registrar gives notice of the case.
Then state is noticed.
When the official prints /api/v1/cases/{case}/decision.pdf?language=en
Then the answer is 200.
And the paper shows:
  Notice: an entry may be cancelled
  The child stands in the book twice.
  CHILD'S PARENTS
  049901/B/1/
  Before anything is decided you may be heard. Come to this office by
  You then have 30 days to appeal
  Nothing is cancelled while an appeal can still be made
And the paper does not show:
  Last day to appeal
When the registrar hears the parties.
And the registrar decides the case.
  details.grounds: Two entries speak of one child.
And the official prints /api/v1/cases/{case}/decision.pdf?language=en
Then the paper shows:
  Decision to cancel an entry
  Two entries speak of one child.
  Last day to appeal
  Nothing is cancelled while an appeal can still be made
When the official2 prints the decision.
Then the answer is 404.
When the registrar opens the looks.
Then the looks tell:
  case_work
