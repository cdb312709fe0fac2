# Nothing of it is restated, nobody who was not born dies, and no certificate comes of it later.
The official declares a foetal death.
And the registrar registers the case.
Then the answer is 200.
When we call this the stillbirth.
And the official asks for a correction.
Then the answer is 422 invalid.
And these fields are wrong:
  /person person_unknown
When the official asks for a naming.
Then the answer is 422 invalid.
And these fields are wrong:
  /person person_unknown
When the official asks for a death.
Then the answer is 422 invalid.
And these fields are wrong:
  /person person_unknown
When we turn to the stillbirth.
And the registrar opens the person for counter_service.
Then status is null
# What was entered by mistake can be cancelled as any other entry.
When the official asks for a cancellation.
Then the answer is 201.
When the official gives notice of the case.
And the registrar hears the parties.
And the registrar decides the case.
  details.grounds: It was entered twice.
And 31 days pass.
And the registrar registers the case.
Then the answer is 200.
When the registrar opens the person for counter_service.
Then status is cancelled
