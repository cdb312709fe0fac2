Country: mmr
The official declares a birth.
  child.name.native: သီတာဝင်းခင်စန္ဒာနှင်းဝေလွင်စုစုမွန်ယဉ်ယဉ်ထွေးမြမြအေးသီရိ
  child.name.latin: THIDA WIN KHIN SANDAR HNIN WAI LWIN SU SU MON YIN YIN HTWE MYA MYA AYE THIRI
  mother.name.native: ဒေါ်ခင်စန္ဒာနှင်းဝေလွင်စုစုမွန်ယဉ်ယဉ်ထွေးမြမြအေးသီရိသီတာဝင်း
  mother.name.latin: DAW KHIN SANDAR HNIN WAI LWIN SU SU MON YIN YIN HTWE MYA MYA AYE THIRI THIDA WIN
  child.birth.place_detail: မိဘအိမ်၌ အရပ်သားဖွားဆရာမ ဒေါ်သိန်းသိန်းနှင့်အတူ မွေးဖွားသည်
And the verifier verifies the case.
And the registrar registers the case.
Then the answer is 200.
And the receipt is ready within 2 seconds.
When the registrar prints the certificate.
Then the answer is 200.
And the certificate shows:
  သီတာဝင်းခင်စန္ဒာနှင်းဝေလွင်စုစုမွန်
  MYA MYA AYE THIRI
And the certificate offline, and it is valid.
When the official declares a birth.
  child.name: null
  child.naming: not_yet_named
  child.sex: undetermined
  mother: (absent)
  father: (absent)
  informant.relation: midwife
And the verifier verifies the case.
And the registrar registers the case.
Then the answer is 200.
And the receipt is ready within 2 seconds.
When the registrar prints the certificate.
Then the answer is 200.
And the certificate shows:
  အမည်မပေးရသေး
And the certificate offline, and it is valid.
