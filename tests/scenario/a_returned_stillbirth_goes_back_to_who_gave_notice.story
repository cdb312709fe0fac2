# Nobody completes the notice of a stillbirth: what is missing only the hospital knows that gave it.
The clerk declares a foetal death.
And the registrar returns the case.
  reason: details_contradict
  note: Twenty-six weeks and three kilograms do not go together.
Then the answer is 200.
And state is returned.
When the clerk opens the case.
Then the answer is 200.
And the answer shows:
  details_contradict
And next may come amend, withdraw
When the clerk2 opens the case.
Then the answer is 403 forbidden.
When the clerk2 amends the case.
  declaration.informant.name.latin: SOMEBODY ELSE
Then the answer is 403 forbidden.
When the clerk amends the case.
  declaration.informant.name.latin: MIDWIFE OF THE WARD
Then the answer is 200.
And state is notified.
When the registrar registers the case.
Then the answer is 200.
# What the office itself wrote since is none of the hospital's matter, here as elsewhere.
When another family comes.
And the clerk declares a foetal death.
And the registrar returns the case.
  reason: other
And the official amends the case.
  declaration.informant.name.latin: MIDWIFE OF THE VILLAGE
Then the answer is 200.
And state is notified.
When the registrar returns the case.
  reason: other
And the clerk opens the case.
Then the answer is 403 forbidden.
When the clerk amends the case.
  declaration.informant.name.latin: MIDWIFE OF THE WARD
Then the answer is 403 forbidden.
