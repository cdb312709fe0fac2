# A case that has ended is no work any more; and yet somebody has to come for what it gave.
The official declares a birth.
And the verifier verifies the case.
And the registrar registers the case.
Then the case is not in the queue of the official.
And the case is in the queue of the official as registered.
And the case is not in the queue of the verifier as registered.
When the receipt is ready within 2 seconds.
And the registrar prints the certificate.
Then the case is in the queue of the registrar as registered.
When the official hands over the certificate.
  details.name: គឹម បុប្ផា
  details.relation: relative
  details.identified_by: witness
Then the answer is 200.
And the case is not in the queue of the official as registered.
And the case is not in the queue of the official as handed_over.
# Drawn by the family itself, with a code.
When another family comes.
And the official declares a birth.
And the verifier verifies the case.
And the registrar registers the case.
And the receipt is ready within 2 seconds.
And the official gives a claim code.
Then the case is in the queue of the official as registered.
When somebody claims the certificate.
Then the answer is 200.
And the case is not in the queue of the official as registered.
# Replaced before anybody came for it.
When another family comes.
And the official declares a birth.
  child.name.native: សុខ ដារ៉ា
  child.name.latin: SOK DARRA
And the verifier verifies the case.
And the registrar registers the case.
Then the case is in the queue of the official as registered.
When we call this the birth.
And the official asks for a correction.
  child.name.latin: SOK DARA
And the verifier verifies the case.
And the official uploads a photograph as signed_draft.
And the registrar registers the case.
Then the answer is 200.
And the case is in the queue of the official as registered.
When we turn to the birth.
Then the case is not in the queue of the official as registered.
