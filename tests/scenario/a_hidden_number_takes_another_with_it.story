Country: khm, alone
# Nine births in the district, of which three are one commune's: nine less six would tell the three, so the six is not told either.
The official declares 6 births.
And a family declares a birth at the neighbouring commune.
And another family comes.
And a family declares a birth at the neighbouring commune.
And another family comes.
And a family declares a birth at the neighbouring commune.
Then the answer is 201.
When the month ends.
And somebody gets /api/v1/counts?office=khm/04/0499
Then the answer is 200.
And rows.0.office is khm/04/0499
And rows.0.counts.declared is 9
And rows.1.part is own
And rows.2.office is khm/04/0499/049901
And rows.2.counts.declared is null
And rows.3.office is khm/04/0499/049902
And rows.3.counts.declared is null
# Nor does the commune itself learn more than everybody, nor the month more than the sum.
When the registrar gets /api/v1/counts
Then rows.0.counts.declared is null
When the registrar gets /api/v1/counts?by=month
Then rows.0.counts.declared is null
When somebody gets /api/v1/counts?office=khm/04/0499&format=csv
Then the answer does not show:
  ,declared,6
  ,declared,3
