Country: khm, alone
# A sub-decree joins one commune to another under a new name. What was declared there stays there; new cases go to the heir.
A family declares a birth at the neighbouring commune.
Then the answer is 201.
When the gazetteer is brought up to date:
  code,level,name_native,name_latin,unit_native,unit_latin,valid_from,legal_act,change,predecessor
  049903,commune,គំរូរួម,Kumru Ruom,ឃុំ,Khum,2026-01-01,Sub-decree 17,merged,049902
  04990301,village,ព្រែកថ្មី,Preaek Thmei,ភូមិ,Phum,2026-01-01,Sub-decree 17,moved,04990201
And the official2 opens the case.
Then the answer is 200.
When a family declares a birth at the neighbouring commune.
Then the answer is 410 office_closed.
And the answer shows:
  new cases go to khm/04/0499/049903
When the registrar gets /api/v1/places?q=049902&on=2025-12-31
Then the answer shows:
  "from":"049902","to":"049903","on":"2026-01-01","kind":"merged","law":"Sub-decree 17"
When the registrar gets /api/v1/places?q=049902
Then the answer does not show:
  Kumru Thmei
