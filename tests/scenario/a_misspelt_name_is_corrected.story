# A new act that says what was changed; the old certificate says since when it no longer counts.
The official declares a birth.
  child.name.native: សុខ ដារ៉ា
  child.name.latin: SOK DARRA
And the verifier verifies the case.
And the registrar registers the case.
And the receipt is ready within 2 seconds.
And the registrar prints the certificate.
Then the certificate offline, and it is valid.
When we call this the birth.
And a family asks for a correction.
Then the answer is 422 invalid.
When the official2 asks for a correction.
Then the answer is 422 invalid.
And these fields are wrong:
  /person person_unknown
When the official asks for a correction.
  child.name.latin: SOK DARA
  correction.reason: (absent)
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/correction/reason required
When the official asks for a correction.
  child.name.latin: SOK DARA
  evidence: [{"kind": "birth_notice"}]
  correction.evidence: [{"kind": "family_book"}]
Then the answer is 201.
When the registrar registers the case.
Then the answer is 409 wrong_state.
When the verifier verifies the case.
And the registrar registers the case.
Then the answer is 422 invalid.
And these fields are wrong:
  /attachments evidence_not_current
When the official uploads a photograph as signed_draft.
And the registrar registers the case.
Then the answer is 200.
And entry.register is C
And the receipt is ready within 2 seconds.
When the registrar opens the act.
Then header.notes.0.kind is correction
And the answer shows:
  SOK DARRA
  SOK DARA
When the registrar opens the person for counter_service.
Then status is alive
And notes.0.kind is correction
And acts.1.header.corrects looks like [0-9a-f-]{36}
And acts.1.header.personal_number looks like [2-9]\d{9}
When the registrar prints the certificate.
Then the certificate shows:
  SOK DARA
And the certificate offline, and it is valid.
When we call this the correction.
And we turn to the birth.
Then the certificate offline, and it is changed since today.
When the registrar prints the certificate.
Then the answer is 409 act_superseded.
When the registrar gives a claim code.
Then the answer is 409 act_superseded.
# Once more, on what now stands.
When we turn to the correction.
And the official asks for a correction.
  child.sex: undetermined
  correction.reason: wrong_sex
And the verifier verifies the case.
And the official uploads a photograph as health_card.
And the official uploads a photograph as thumbprint_draft.
And the registrar registers the case.
Then the answer is 200.
And the receipt is ready within 2 seconds.
When the registrar prints the certificate.
Then the certificate offline, and it is valid.
When we turn to the correction.
Then the certificate offline, and it is changed since today.
