Country: zed
# An act with a name of the pack's own replaces the first, as a correction does elsewhere.
The registrar declares an arrival at the island.
And the registrar writes the case.
Then the answer is 200.
And the receipt is ready within 2 seconds.
When the registrar prints the certificate.
Then the certificate offline, and it is valid.
When we call this the arrival.
And the official asks for a renaming.
Then the answer is 403 forbidden.
When the registrar asks for a renaming.
  who: Ελένη Πέτρου
  wish: {}
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/wish/why required
When the registrar asks for a renaming.
  who: Ελένη Πέτρου
  who_latin: ELENI PETROU
  shown: [{"kind": "shell"}]
Then the answer is 201.
# An arrival may be written on what is listed; a new name needs a shell under the wish as it stands.
When the registrar writes the case.
Then the answer is 422 invalid.
And these fields are wrong:
  /attachments evidence_not_current
When the registrar uploads a photograph as shell.
And the registrar writes the case.
Then the answer is 200.
And entry.text looks like REN-A.*
And the receipt is ready within 2 seconds.
When the registrar prints the certificate.
Then the certificate shows:
  ELENI PETROU
  Renamed
And the certificate offline, and it is valid.
When we call this the renaming.
And we turn to the arrival.
Then the certificate offline, and it is changed since today.
# Whoever is renamed keeps their paces, and has another name afterwards.
When we turn to the renaming.
And the registrar asks for a renaming.
  who: Ελένη Παύλου
  ship: {"name": "Argo"}
And the registrar uploads a photograph as shell.
And the registrar writes the case.
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/ship/name unexpected
When the registrar asks for a renaming.
  who: Ελένη Πέτρου
  who_latin: ELENI PETROU
  landed: 9 days ago
And the registrar uploads a photograph as shell.
And the registrar writes the case.
Then the answer is 422 invalid.
And these fields are wrong:
  /declaration/who unexpected
# The day of landing is nothing to rename: it needs a feather as well, and one that was named only is none.
When the registrar asks for a renaming.
  who: Ελένη Παύλου
  landed: 9 days ago
  shown: [{"kind": "feather"}]
And the registrar uploads a photograph as shell.
And the registrar writes the case.
Then the answer is 422 invalid.
And these fields are wrong:
  /evidence evidence_missing
When we turn to the renaming.
And the registrar declares a leaving.
Then the answer is 201.
When the registrar writes the case.
Then the answer is 200.
And entry.text looks like LVE-A.*
# Whoever left keeps the certificate.
When the receipt is ready within 2 seconds.
And the registrar prints the certificate.
Then the answer is 409 no_certificate.
When we turn to the renaming.
Then the certificate offline, and it is valid.
