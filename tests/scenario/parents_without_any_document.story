# Stateless, refugee or undocumented: witnesses suffice, and no document is mandatory.
The official declares a birth.
  mother.nationality_declared: គ្មានសញ្ជាតិ
  mother.birth_date: {"precision": "unknown"}
  father: (absent)
  evidence: [{"kind": "witness_statement"}]
  witnesses: [{"name": "CHAN SOPHEA", "relation": "neighbour"}, {"name": "KIM RITHY"}]
Then the answer is 201.
When the verifier verifies the case.
And the official uploads a photograph as witnessed_draft.
And the registrar registers the case.
Then the answer is 200.
And the receipt is ready within 2 seconds.
When the registrar prints the certificate.
# The nationality is what was declared, and no proof of it.
Then the certificate shows:
  គ្មានសញ្ជាតិ
  as declared
And the certificate offline, and it is valid.
