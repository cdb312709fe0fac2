# Why, by which law, who hears an appeal and until when: on paper, for the family and from the office alike.
A family declares a birth.
When the official prints the decision.
# Nothing was decided yet.
Then the answer is 404.
When the verifier rejects the case.
  reason: evidence_missing
  details.grounds: The notice is of another child.
Then the answer is 200.
When the official prints /api/v1/cases/{case}/decision.pdf?language=en
Then the answer is 200.
And the paper shows:
  Refusal
  Birth
  Evidence is missing
  The notice is of another child.
  Law on Civil Registration, Vital Statistics and Identification
  Last day to appeal
  Kampong Chhnang
  You may declare it again at any time
And the paper does not show:
  khm/04
When the family prints the decision.
Then the answer is 200.
And the paper shows:
  ការបដិសេធ
  The notice is of another child.
When the official2 prints the decision.
Then the answer is 404.
When somebody prints the decision.
Then the answer is 401.
# Each opening is a look; and the officer who follows the case is told that there is such a paper.
When the official opens the case.
Then history.1.paper is Refusal
And history.1.version is 2
When the family tracks the case.
Then timeline.1.paper is Refusal
And timeline.1.version is 2
When the family appeals the decision.
  details.grounds: It is my own child.
And the chief upholds the decision.
  details.grounds: Nobody knows of the birth.
Then state is refused.
When the official prints /api/v1/cases/{case}/decision.pdf?language=en
Then the paper shows:
  Refusal after an appeal
  Nobody knows of the birth.
And the paper does not show:
  Last day to appeal
When the official prints /api/v1/cases/{case}/decision.pdf?language=en&version=2
Then the paper shows:
  The notice is of another child.
When the official prints /api/v1/cases/{case}/decision.pdf?version=3
Then the answer is 404.
When the official prints /api/v1/cases/{case}/decision.pdf?version=9
Then the answer is 422 invalid.
