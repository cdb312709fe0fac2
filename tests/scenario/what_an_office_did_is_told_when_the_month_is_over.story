Country: khm, alone
# Large enough numbers are told, as figures for people and for programs; names of people stand in none of them.
The official declares 12 births.
And the month ends.
And the registrar gets /api/v1/counts
Then rows.0.office is khm/04/0499/049901
And rows.0.counts.declared is 12
And rows.0.counts.handed_over is 0
When the registrar gets /api/v1/counts?format=csv
Then the answer shows:
  khm/04/0499/049901
  12
When the auditor gets /api/v1/counts?format=openmetrics
Then the answer is 200.
And the answer shows:
  # EOF
When the registrar gets /api/v1/counts?from=2026-13
Then the answer is 422 invalid.
