Country: khm, alone
# Large enough numbers are told, as figures for people and for programs; names of people stand in none of them.
# What was refused of another kind is no refused birth.
The official declares 12 births.
And the official declares a birth.
And the verifier verifies the case.
And the registrar registers the case.
And the receipt is ready within 2 seconds.
And the official asks for a correction.
  child.name.latin: SOK RATANAK
And the verifier rejects the case.
  reason: evidence_missing
  details.grounds: Nobody says how it is spelt.
Then state is rejected.
When the chief appeals the decision.
  details.grounds: The school knows.
Then state is appealed.
When the month ends.
And the registrar gets /api/v1/counts
Then rows.0.office is khm/04/0499/049901
And rows.0.counts.declared is 13
And rows.0.counts.handed_over is 0
And rows.0.counts.refused is 0
And rows.0.counts.correction_refused is null
And rows.0.counts.appealed is 0
And rows.0.counts.correction_appealed is null
When the registrar gets /api/v1/counts?format=csv
Then the answer shows:
  khm/04/0499/049901
  13
When the auditor gets /api/v1/counts?format=openmetrics
Then the answer is 200.
And the answer shows:
  # EOF
When the registrar gets /api/v1/counts?from=2026-13
Then the answer is 422 invalid.
