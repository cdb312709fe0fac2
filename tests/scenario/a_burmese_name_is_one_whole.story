Country: mmr
# No surname, so nothing to agree; and in Burmese the title is written with the name.
The official declares a birth.
  child.name.native: မေသူဇာ
  child.name.latin: MAY THU ZAR
  father.name.native: ဦးကျော်စွာလင်း
  father.name.latin: U KYAW SWAR LIN
  mother.name.native: ဒေါ်နှင်းဝေလွင်
  mother.name.latin: DAW HNIN WAI LWIN
Then the answer is 201.
