The official declares a birth.
  child.name.native: សុខ សំណាង
  child.name.latin: SOK SAMNANG
  child.birth.date: 4 days ago
  mother.name.native: គឹម បុប្ផា
  mother.name.latin: KIM BOPHA
And the answer is 201.
And 1 seconds pass.
When the official declares a birth.
  child.name.native: សុខ សំណាង
  child.name.latin: SOK SAMNANG
  child.birth.date: 4 days ago
  mother.name.native: គឹម បុប្ផា
  mother.name.latin: KIM BOPHA
And the answer is 201.
And 1 seconds pass.
And the verifier opens the case.
Then duplicates.searched is true
And duplicates.candidates.0.child.native is សុខ សំណាង
