# Where people look for a name depends on the script: the same provinces stand in two orders, and in neither by their codes.
Somebody gets /api/v1/places?level=province&order=km
Then the answer is 200.
And places.0.name.native is កណ្តាល
# As a dictionary has it: កំ before កោ, though the sign stands after the vowel in the table of characters.
And places.2.name.native is កំពង់ចាម
And places.7.name.native is កោះកុង
When somebody gets /api/v1/places?level=province&order=en
Then places.0.name.latin is Banteay Meanchey
When somebody gets /api/v1/places?level=province&order=my
Then the answer is 422 invalid.
And these fields are wrong:
  ?order not_a_choice
