Country: mmr
# The states by their Burmese names begin with Kachin, by their Latin ones with Ayeyarwady.
Somebody gets /api/v1/places?level=state&order=my
Then the answer is 200.
And places.0.name.latin is Kachin
And places.14.name.latin is Ayeyarwady
When somebody gets /api/v1/places?level=state&order=en
Then places.0.name.latin is Ayeyarwady
And places.3.name.latin is Kachin
