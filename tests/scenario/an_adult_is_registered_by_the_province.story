# Whom nobody registered as a child: the district refers it to the province.
The official declares a birth.
  child.birth.date: 30 years ago
  child.name.native: ហេង សុភា
  mother.birth_date: {"precision": "unknown"}
  father: (absent)
  late_reason: There was no office.
  informant.relation: self
  informant.name.native: ហេង សុភា
  informant.name.latin: HENG SOPHEA
Then the answer is 201.
When the verifier verifies the case.
Then the answer is 409 wrong_state.
When the inspector verifies the case.
Then the answer is 409 wrong_state.
When the verifier refers the case.
Then the answer is 200.
And state is referred.
And the case is in the queue of the inspector.
When the verifier verifies the case.
Then the answer is 409 wrong_state.
When the inspector opens the case.
Then band.name is adult
When the inspector verifies the case.
Then the answer is 200.
And the case is not in the queue of the inspector.
When the registrar registers the case.
Then the answer is 200.
And the receipt is ready within 2 seconds.
When the registrar prints the certificate.
Then the certificate does not show:
  There was no office.
And the certificate offline, and it is valid.
# A child is nothing for the province.
When another family comes.
And the official declares a birth.
And the verifier refers the case.
Then the answer is 409 wrong_state.
