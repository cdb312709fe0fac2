Country: khm, alone
# A sub-decree splits one village in two and joins another to a third. An act names the unit of its day, and a new declaration no old one.
The official declares a birth.
  child.birth.date: 10 days ago
  child.birth.place: "04990103"
And the verifier verifies the case.
And the registrar registers the case.
Then the answer is 200.
And the receipt is ready within 2 seconds.
When we call this the first.
And the official declares a birth.
  child.birth.date: 9 days ago
  child.birth.place: "04990104"
And the verifier verifies the case.
And the registrar registers the case.
And the receipt is ready within 2 seconds.
When we call this the second.
And the gazetteer is brought up to date:
  code,level,name_native,name_latin,unit_native,unit_latin,valid_from,valid_until,legal_act,change,predecessor,successor
  04990103,village,ទួលពោធិ៍,Tuol Pou,ភូមិ,Phum,,{5 days ago},Sub-decree 18,split,,04990105 04990106
  04990105,village,ទួលពោធិ៍លើ,Tuol Pou Leu,ភូមិ,Phum,{5 days ago},,Sub-decree 18,,,
  04990106,village,ទួលពោធិ៍ក្រោម,Tuol Pou Kraom,ភូមិ,Phum,{5 days ago},,Sub-decree 18,,,
  04990107,village,ស្រែរួម,Srae Ruom,ភូមិ,Phum,{5 days ago},,Sub-decree 18,merged,04990104,
# Whenever it is printed, and signed so.
When we turn to the first.
And the registrar prints the certificate.
Then the certificate shows:
  ទួលពោធិ៍
  Phum Tuol Pou,
And the certificate does not show:
  Tuol Pou Leu
  Tuol Pou Kraom
And the certificate offline, and it is valid.
When we turn to the second.
And the registrar prints the certificate.
Then the certificate shows:
  Srae Chas
And the certificate does not show:
  Srae Ruom
And the certificate offline, and it is valid.
# Born while it stood, it is the old one; born since, it is one of the new.
When another family comes.
And the official declares a birth.
  child.birth.date: 8 days ago
  child.birth.place: "04990103"
Then the answer is 201.
When another family comes.
And the official declares a birth.
  child.birth.date: 2 days ago
  child.birth.place: "04990103"
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/child/birth/place closed_place
When the official declares a birth.
  child.birth.date: 2 days ago
  child.birth.place: "04990105"
Then the answer is 201.
When the official declares a birth.
  child.birth.date: 8 days ago
  child.birth.place: "04990105"
Then the answer is 422 invalid.
# Anybody can look up what became of it.
When somebody gets /api/v1/places?q=04990103&on=2025-12-31
Then the answer shows:
  "from":"04990103","to":"04990105"
  "from":"04990103","to":"04990106"
  "kind":"split","law":"Sub-decree 18"
