Country: khm, alone
# In a village, one birth is one child: the month's numbers are read when the month is over, and small ones are not told.
The official declares a birth.
Then the answer is 201.
When the registrar gets /api/v1/counts
Then the answer is 200.
And rows.0.counts.declared is 0
When the month ends.
And the registrar gets /api/v1/counts
Then the answer is 200.
And rows.0.office is khm/04/0499/049901
And rows.0.counts.declared is null
And rows.0.counts.refused is 0
When the registrar gets /api/v1/counts?by=sex
Then the answer is 422 invalid.
# Anybody may look at any office's figures: none of them tells of fewer than five.
When the family gets /api/v1/counts?office=khm/04/0499/049902
Then the answer is 200.
And rows.0.counts.declared is null
When the auditor gets /api/v1/counts?format=csv
Then the answer is 200.
And the answer does not show:
  declared,1
When the family gets /api/v1/counts
Then the answer is 200.
