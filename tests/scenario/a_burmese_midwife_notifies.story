Country: mmr
The clerk notifies a birth.
  evidence: [{"kind": "midwife_statement"}]
Then state is notified.
When the official completes the case.
Then the answer is 200.
And state is declared.
When the official completes the case.
Then the answer is 409 wrong_state.
When the verifier verifies the case.
And the registrar registers the case.
Then the answer is 200.
When another family comes.
And the clerk notifies a birth.
And 91 days pass.
And the case becomes expired by itself.
# This country's law knows no registration of the office's own motion.
When the registrar takes up the case of its own motion.
Then the answer is 404.
