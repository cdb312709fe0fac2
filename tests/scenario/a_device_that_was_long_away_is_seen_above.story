# An office sees its own devices; those above see the ones that have not been heard for a week, and what they said last.
The device Tablet 2 of the official says that 3 wait.
Then the answer is 204.
When the same request is sent again.
Then the answer is 204.
When the official gets /api/v1/devices.
Then quiet_days is 7.
And devices.0.label is Tablet 2.
And devices.0.heard looks like \d{4}-\d\d-\d\d.
And devices.0.waiting is 3.
And devices.0.quiet is false.
And devices.1 is (absent).
When the verifier gets /api/v1/devices.
Then the answer does not show:
  Tablet 2
When no device is heard for 6 days.
And the secretary gets /api/v1/devices.
Then the answer does not show:
  Tablet 2
When no device is heard for 1 day.
And the secretary gets /api/v1/devices.
Then devices.0.label is Tablet 2.
And devices.0.waiting is 3.
And devices.0.quiet is true.
When the admin gets /api/v1/devices.
Then devices.0.waiting is 3.
When the auditor gets /api/v1/devices?office={office}.
Then devices.0.waiting is 3.
# Neither a neighbour nor a hospital of the same district sees it, and nobody's name stands there.
When the official2 gets /api/v1/devices.
Then devices.0 is (absent).
When the clerk gets /api/v1/devices.
Then devices.0 is (absent).
When the official2 gets /api/v1/devices?office={office}.
Then the answer is 403 forbidden.
When a family gets /api/v1/devices.
Then the answer is 401 unauthenticated.
When the verifier gets /api/v1/devices.
Then devices.0.label is Tablet 2.
And the answer does not show:
  KEO DARA
# It is heard again: nothing waits, and those above have nothing to see.
When the device Tablet 2 of the official says that 0 wait.
And the verifier gets /api/v1/devices.
Then devices.0 is (absent).
# What is lost is taken off the list, by the office or by those above; once more is no mistake.
When no device is heard for 30 days.
And the official2 takes the device Tablet 2 of the commune off the list.
Then the answer is 403 forbidden.
When the auditor takes the device Tablet 2 of the commune off the list.
Then the answer is 403 forbidden.
When the verifier takes the device Tablet 2 of the commune off the list.
Then the answer is 204.
When the same request is sent again.
Then the answer is 204.
When the official gets /api/v1/devices.
Then devices.0 is (absent).
# Who does not declare has no such device; a number that tells one device from all others is no name.
When the device Tablet 2 of the verifier says that 0 wait.
Then the answer is 403 forbidden.
When the device IMEI 35209900 of the official says that 0 wait.
Then the answer is 422 invalid.
And these fields are wrong:
  /label like_a_serial
When the device ថេប្លេត ០១២៣៤៥៦ of the official says that 0 wait.
Then the answer is 422 invalid.
When the device Tablet 2 of the official says that 10000 wait.
Then the answer is 422 invalid.
And these fields are wrong:
  /waiting out_of_range
