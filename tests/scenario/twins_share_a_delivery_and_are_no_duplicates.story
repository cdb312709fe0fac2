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
# Without names yet, the place in the delivery tells them apart.
When the official declares a birth.
  child.name: null
  child.naming: not_yet_named
  child.birth.date: 2 days ago
  mother.name.native: ម៉ៅ ស្រីពៅ
  mother.name.latin: MAO SREYPOV
  delivery: {"count": 2, "order": 1}
Then the answer is 201.
When the official declares a birth.
  child.name: null
  child.naming: not_yet_named
  child.birth.date: 2 days ago
  mother.name.native: ម៉ៅ ស្រីពៅ
  mother.name.latin: MAO SREYPOV
  delivery: {"count": 2, "order": 2}
And 1 seconds pass.
And the verifier opens the case.
Then duplicates.searched is true
And duplicates.candidates is []
And duplicates.same_delivery.0.mother.latin is MAO SREYPOV
# The second of them once more is a duplicate, of the second alone.
When the official declares a birth.
  child.name: null
  child.naming: not_yet_named
  child.birth.date: 2 days ago
  mother.name.native: ម៉ៅ ស្រីពៅ
  mother.name.latin: MAO SREYPOV
  delivery: {"count": 2, "order": 2}
And 1 seconds pass.
And the verifier opens the case.
Then duplicates.candidates.0.mother.latin is MAO SREYPOV
And duplicates.candidates.1 is (absent)
And duplicates.same_delivery.0.mother.latin is MAO SREYPOV
# One before midnight and one after it.
When another family comes.
And the official declares a birth.
  child.name.native: ជា វាសនា
  child.name.latin: CHEA VEASNA
  child.birth.date: 2 days ago
  child.birth.time: 23:50
  mother.name.native: ជា សុខា
  mother.name.latin: CHEA SOKHA
  delivery: {"count": 2, "order": 1}
Then the answer is 201.
When the official declares a birth.
  child.name.native: ជា វាសនី
  child.name.latin: CHEA VEASNY
  child.birth.date: 1 day ago
  child.birth.time: 00:10
  mother.name.native: ជា សុខា
  mother.name.latin: CHEA SOKHA
  delivery: {"count": 2, "order": 2}
Then the answer is 201.
When 1 seconds pass.
And the verifier opens the case.
Then duplicates.searched is true
And duplicates.candidates is []
And duplicates.same_delivery.0.child.latin is CHEA VEASNA
