# No number, no certificate, and nothing is sent to the family.
The clerk declares a foetal death.
  child.name.native: ដារ៉ា
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/child unknown_field
When the clerk declares a foetal death.
Then the answer is 201.
And state is notified.
And tracking_code is null
When the clerk prints the slip.
Then the answer is 404.
When the verifier verifies the case.
Then the answer is 404.
When the registrar registers the case.
Then the answer is 200.
And entry.register is F
And personal_number is null
And the receipt is ready within 2 seconds.
When the registrar opens the act.
Then header.kind is foetal_death
And declaration.statistics is (absent)
When the registrar prints the certificate.
Then the answer is 409 no_certificate.
When the registrar gives a claim code.
Then the answer is 409 no_certificate.
When a family declares a foetal death.
Then the answer is 403 forbidden.
# A refusal stands until its appeal is heard, and silence can be appealed too.
When the official declares a foetal death.
And the registrar rejects the case.
  reason: evidence_missing
  details.grounds: No midwife was there.
Then state is rejected.
When the official prints /api/v1/cases/{case}/decision.pdf?language=en
Then the paper shows:
  Last day to appeal
When the official appeals the decision.
  details.grounds: The neighbour was there.
Then state is appealed.
When the chief allows the appeal.
  details.grounds: The neighbour was heard.
Then state is returned.
When the official amends the case.
  declaration.informant.name.latin: MIDWIFE OF THE VILLAGE
Then state is notified.
When 16 days pass.
And the chief appeals the decision.
  details.grounds: Nobody answers.
Then state is appealed.
