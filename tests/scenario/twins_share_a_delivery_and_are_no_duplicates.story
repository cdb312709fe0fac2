The official declares a birth.
  child.name.native: សុខ ចាន់ថា
  child.name.latin: SOK CHANTHA
  child.sex: female
  child.birth.time: 04:10
  delivery: {"count": 2, "order": 1}
Then the answer is 201.
When we call this the first.
And the official declares a birth.
  child.name.native: សុខ ចាន់ធី
  child.name.latin: SOK CHANTHY
  child.birth.time: 04:25
  delivery: {"count": 2, "order": 2}
Then the answer is 201.
When we call this the second.
And 1 seconds pass.
And the verifier opens the case.
Then duplicates.searched is true
And duplicates.candidates is []
And duplicates.same_delivery.0.child.latin is SOK CHANTHA
When the verifier verifies the case.
And the registrar registers the case.
Then the answer is 200.
And personal_number looks like [2-9]\d{9}
When we turn to the first.
And the verifier opens the case.
Then duplicates.candidates is []
When the verifier verifies the case.
And the registrar registers the case.
Then the answer is 200.
# The same twin once more is a duplicate.
When the official declares a birth.
And 1 seconds pass.
And the verifier opens the case.
Then duplicates.candidates.0.child.latin is SOK CHANTHA
And duplicates.candidates.0.state is registered
And the official declares a birth.
  delivery: {"count": 2}
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/delivery/order required
# Nobody is the third of two.
When the official declares a birth.
  delivery: {"count": 2, "order": 3}
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/delivery/order out_of_range
