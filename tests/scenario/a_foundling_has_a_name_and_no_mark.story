# The finder's report, an estimated date, a given name; and a certificate like any other child's.
A family declares a foundling.
Then the answer is 403 forbidden.
When the official declares a foundling.
  child.name: null
  child.naming: not_yet_named
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/child/naming must_be
When the official declares a foundling.
  child.name.native: ជា សំណាង
  child.name.latin: CHEA SAMNANG
  child.birth.date: 20 days ago
  finding.circumstances: On the steps of the health centre.
  finding.finder.name.latin: FINDER OF THE CHILD
  evidence: [{"kind": "medical_estimate"}]
Then the answer is 201.
And state is declared.
When the verifier verifies the case.
And the registrar registers the case.
Then the answer is 422 invalid.
And these fields are wrong:
  /evidence evidence_missing
When the official uploads a photograph as finder_report.
And the registrar registers the case.
# Whoever found the child, or declares for the office, hears the draft and signs it.
Then the answer is 422 invalid.
And these fields are wrong:
  /attachments evidence_not_current
When the official uploads a photograph as signed_draft.
And the registrar registers the case.
Then the answer is 200.
And entry.register is B
And personal_number looks like [2-9]\d{9}
And the receipt is ready within 2 seconds.
When the registrar opens the act.
Then header.kind is birth
When the registrar prints the certificate.
Then the certificate shows:
  CHEA SAMNANG
And the certificate does not show:
  FINDER OF THE CHILD
  health centre
And the certificate offline, and it is valid.
