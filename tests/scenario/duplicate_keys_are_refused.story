The official sends as a declaration:
  {{case}, "office": "khm/04/0499/049902"}
Then the answer is 400 bad_json.
And nothing is stored.
