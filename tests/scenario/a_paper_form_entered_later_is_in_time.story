# The network was down: the form was filled in on paper on day 29, and entered on day 32. Nobody is late for that.
The official declares a birth.
  child.birth.date: 32 days ago
  informant.declared_on: 3 days ago
Then the answer is 201.
When the verifier opens the case.
Then band.name is on_time
And fee.amount is 0
# What the family amends later was declared no later.
When the family amends the case.
  declaration.informant.declared_on: (absent)
Then the answer is 200.
When the verifier opens the case.
Then band.name is on_time
# Another day of birth counts to the day of the form as well.
When the official amends the case.
  declaration.child.birth.date: 34 days ago
Then the answer is 200.
When the verifier opens the case.
Then band.name is late
# Without the day of the form, it is the day on which it was entered that counts.
When another family comes.
And the official declares a birth.
  child.birth.date: 32 days ago
And the verifier opens the case.
Then band.name is late
# Nobody fills in a form tomorrow, or before the birth.
When another family comes.
And the official declares a birth.
  child.birth.date: 32 days ago
  informant.declared_on: 1 days ahead
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/informant/declared_on in_the_future
When the official declares a birth.
  child.birth.date: 32 days ago
  informant.declared_on: 33 days ago
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/informant/declared_on before_other_date
# A family does not say on which day it came, nor does a hospital.
When a family declares a birth.
  child.birth.date: 32 days ago
  informant.declared_on: 3 days ago
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/informant/declared_on unexpected
