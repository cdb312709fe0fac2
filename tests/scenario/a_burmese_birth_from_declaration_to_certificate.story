Country: mmr
# The township's own verifier verifies; a Burmese name is one whole.
The official declares a birth.
  child.name.native: မေသူဇာ
  child.name.latin: MAY THU ZAR
  child.sex: female
  child.birth.date: 2026-02-14
  child.birth.time: 06:15
  child.birth.place: "079901003"
  mother.name.native: ဒေါ်နှင်းဝေလွင်
  mother.name.latin: DAW HNIN WAI LWIN
  father.name.native: ဦးကျော်စွာလင်း
  father.name.latin: U KYAW SWAR LIN
  mother.birth_date: {"value": "1999-05-03", "precision": "day"}
  father.birth_date: {"value": "1996", "precision": "year"}
Then the answer is 201.
When the verifier opens the case.
Then declaration.child.name.native is မေသူဇာ
And duplicates.searched is true
When the verifier verifies the case.
Then the answer is 200.
When the registrar registers the case.
Then the answer is 200.
And personal_number looks like [2-9]\d{9}
And the receipt is ready within 2 seconds.
When the registrar prints the certificate.
Then the answer is 200.
And the certificate shows:
  မွေးဖွားမှုလက်မှတ်
  မေသူဇာ
  MAY THU ZAR
  နှစ်ထောင့်နှစ်ဆယ့်ခြောက်ခုနှစ်
  ဖေဖော်ဝါရီလ
  သစ္စာကုန်း
  ဒေါ်နှင်းဝေလွင်
  ဦးကျော်စွာလင်း
And the certificate does not show:
  COPY
Then the certificate offline, and it is valid.
And with one bit changed the certificate is not valid.
When the registrar prints the certificate.
Then the certificate shows:
  COPY
And the certificate offline, and it is valid.
