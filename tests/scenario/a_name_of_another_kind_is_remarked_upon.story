# A Khmer child mostly has the father's family name; whether it does is the family's choice.
The official declares a birth.
  child.name.native: ហេង ដារ៉ា
  child.name.latin: HENG DARA
  father.name.native: សុខ វិបុល
  father.name.latin: SOK VIBOL
  mother.name.native: លោកស្រី គឹម បុប្ផា
Then the answer is 201.
And these warnings are given:
  /declaration/child/name/native other_surname
  /declaration/child/name/latin other_surname
  /declaration/mother/name/native title_in_name
When the verifier verifies the case.
And the registrar registers the case.
Then the answer is 200.
