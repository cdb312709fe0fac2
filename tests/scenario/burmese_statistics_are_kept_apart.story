Country: mmr
The official declares a birth.
  statistics: {"weight": 2954, "occupation": "boatwright"}
And the verifier verifies the case.
And the registrar registers the case.
And the receipt is ready within 2 seconds.
And the registrar opens the act.
Then the answer does not show:
  boatwright
