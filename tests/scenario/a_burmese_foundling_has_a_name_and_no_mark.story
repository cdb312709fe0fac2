Country: mmr
The official declares a foundling.
  finding.finder.name: {"latin": "U FINDER"}
Then the answer is 201.
When the verifier verifies the case.
And the registrar registers the case.
Then the answer is 200.
And entry.register is B
And the receipt is ready within 2 seconds.
When the registrar prints the certificate.
Then the certificate does not show:
  U FINDER
And the certificate offline, and it is valid.
