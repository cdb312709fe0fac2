Country: mmr
# Reasons and grounds, on paper and for the family's own eyes; and the district hears the appeal.
A family declares a birth.
And the verifier rejects the case.
  reason: duplicate
Then the answer is 422 invalid.
And these fields are wrong:
  /details/grounds required
When the verifier rejects the case.
  reason: duplicate
  details.grounds: ဤကလေးကို ယခင်နှစ်က ကြေညာပြီးဖြစ်သည်။
Then state is rejected.
When the family tracks the case.
Then timeline.1.reason is duplicate
And timeline.1.details.grounds is ဤကလေးကို ယခင်နှစ်က ကြေညာပြီးဖြစ်သည်။
When the registrar prints the decision.
Then the answer is 200.
And the paper shows:
  ပယ်ချကြောင်း အကြောင်းကြားစာ
  ဤကလေးကို ယခင်နှစ်က ကြေညာပြီးဖြစ်သည်။
  အယူခံဝင်နိုင်သည့် နောက်ဆုံးနေ့
And the paper does not show:
  mmr/07
When the family appeals the decision.
  details.grounds: ၎င်းသည် အစ်ကိုဖြစ်သည်။
Then state is appealed.
And the case is in the queue of the chief.
When the registrar allows the appeal.
  details.grounds: I was right.
Then the answer is 403 forbidden.
When the chief allows the appeal.
  details.grounds: The brother is another child.
Then state is returned.
When the family prints the decision.
Then the answer is 200.
And the paper shows:
  ခွင့်ပြုသည်
  The brother is another child.
When the family amends the case.
  declaration.late_reason: The brother is older.
And the verifier verifies the case.
And the registrar registers the case.
Then the answer is 200.
# Nobody appeals in time, and there is no way back.
When another family comes.
And a family declares a birth.
And the verifier rejects the case.
  reason: wrong_office
  details.grounds: Another township keeps this record.
And 31 days pass.
And the family appeals the decision.
  details.grounds: I was ill.
Then the answer is 409 wrong_state.
