Country: khm, alone
# The act keeps the name that the village had on its day, whenever a certificate is drawn from it.
The official declares a birth.
  child.birth.date: 10 days ago
  child.birth.place: "04990104"
And the verifier verifies the case.
And the registrar registers the case.
Then the answer is 200.
And the receipt is ready within 2 seconds.
When the gazetteer is brought up to date:
  code,level,name_native,name_latin,unit_native,unit_latin,valid_from,legal_act,change,predecessor
  04990104,village,ស្រែមានជ័យ,Srae Mean Chey,ភូមិ,Phum,{1 day ahead},Sub-decree 18,renamed,04990104
  04990103,village,ទួលមានជ័យ,Tuol Mean Chey,ភូមិ,Phum,{5 days ago},Sub-decree 18,renamed,04990103
And the registrar prints the certificate.
Then the certificate shows:
  ស្រែចាស់
  Srae Chas
And the certificate does not show:
  Srae Mean Chey
And the certificate offline, and it is valid.
# Born before the change and registered after it.
When another family comes.
And the official declares a birth.
  child.birth.date: 9 days ago
  child.birth.place: "04990103"
And the verifier verifies the case.
And the registrar registers the case.
And the receipt is ready within 2 seconds.
And the registrar prints the certificate.
Then the certificate shows:
  Tuol Mean Chey
And the certificate offline, and it is valid.
