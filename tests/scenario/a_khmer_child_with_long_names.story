# Whatever length the form allows, there is a certificate.
The official declares a birth.
  child.name.native: ព្រំ ចាន់សុភ័ក្រវិបុលរតនាសុគន្ធាកល្យាណពិសិដ្ឋវុទ្ធីសំណាងបូរ៉ា
  child.name.latin: PROM CHANSOPHEAKVIBOLRATANASOKUNTHEAKALYANPISETHVUTHYSAMNANGBORA MAKARA
  mother.name.native: គឹម ចាន់សុភ័ក្រវិបុលរតនាសុគន្ធាកល្យាណពិសិដ្ឋវុទ្ធីសំណាងបូរ៉ា
  mother.name.latin: KIM CHANSOPHEAKVIBOLRATANASOKUNTHEAKALYANPISETHVUTHYSAMNANGBORA
  father.name.native: ក × 66
  father.name.latin: W × 100
  child.birth.place_detail: នៅផ្ទះ × 16
And the verifier verifies the case.
And the registrar registers the case.
Then the answer is 200.
And the receipt is ready within 2 seconds.
When the registrar prints the certificate.
Then the answer is 200.
And the certificate offline, and it is valid.
When the registrar prints the certificate.
Then the certificate shows:
  COPY
And the certificate offline, and it is valid.
