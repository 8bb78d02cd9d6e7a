package fact

import (
	"encoding/json"
	"strings"
	"testing"
)

// The JSON of each kind, as released. A fact of years ago must still be read: a line here never changes, a new shape gets a new kind.
func TestTheBodiesOfFactsAreFrozen(t *testing.T) {
	const id = "0sa5wt3hdp3x2"
	p, err := Parse[PostID](id)
	if err != nil {
		t.Fatal(err)
	}
	n := int64(p)
	for _, c := range []struct {
		fact interface{ Kind() string }
		kind string
		body string
	}{
		{HouseSetUp{HouseID(n), AccountID(n), VoiceID(n)}, "house.set_up", `{"House":"ID","Owner":"ID","Voice":"ID"}`},
		{HouseOpened{HouseID(n)}, "house.opened", `{"House":"ID"}`},
		{HouseClosed{HouseID(n)}, "house.closed", `{"House":"ID"}`},
		{HouseChanged{HouseID(n)}, "house.changed", `{"House":"ID"}`},
		{AccountCreated{AccountID(n)}, "account.created", `{"Account":"ID"}`},
		{AccountGranted{AccountID(n), 0, "owner"}, "account.granted", `{"Account":"ID","Voice":"","Role":"owner"}`},
		{PasswordChanged{AccountID(n), "reset"}, "account.password_changed", `{"Account":"ID","Via":"reset"}`},
		{VoiceCreated{VoiceID(n)}, "voice.created", `{"Voice":"ID"}`},
		{VoiceChanged{VoiceID(n)}, "voice.changed", `{"Voice":"ID"}`},
		{VoiceMoved{VoiceID(n)}, "voice.moved", `{"Voice":"ID"}`},
		{PostPublished{p, VoiceID(n), true}, "post.published", `{"Post":"ID","Voice":"ID","First":true}`},
		{PostChanged{p, VoiceID(n)}, "post.changed", `{"Post":"ID","Voice":"ID"}`},
		{PostScheduled{p, VoiceID(n)}, "post.scheduled", `{"Post":"ID","Voice":"ID"}`},
		{PostUnpublished{p, VoiceID(n)}, "post.unpublished", `{"Post":"ID","Voice":"ID"}`},
		{PostDeleted{p, VoiceID(n)}, "post.deleted", `{"Post":"ID","Voice":"ID"}`},
		{PostRestored{p, VoiceID(n)}, "post.restored", `{"Post":"ID","Voice":"ID"}`},
		{PostsShown{[]PostID{p}, VoiceID(n), true}, "posts.shown", `{"Posts":["ID"],"Voice":"ID","First":true}`},
		{PostsHidden{[]PostID{p}, VoiceID(n), true}, "posts.hidden", `{"Posts":["ID"],"Voice":"ID","Gone":true}`},
		{ContactCreated{ContactID(n), "comment"}, "contact.created", `{"Contact":"ID","Origin":"comment"}`},
		{ContactChanged{ContactID(n)}, "contact.changed", `{"Contact":"ID"}`},
		{ContactsMerged{ContactID(n), ContactID(n)}, "contact.merged", `{"Contact":"ID","Gone":"ID"}`},
		{ContactErased{ContactID(n)}, "contact.erased", `{"Contact":"ID"}`},
		{HandleVerified{ContactID(n), HandleID(n)}, "contact.handle_verified", `{"Contact":"ID","Handle":"ID"}`},
		{MessageReceived{MessageID(n), ConversationID(n), ContactID(n), p, "comment", "held"}, "message.received",
			`{"Message":"ID","Conversation":"ID","Contact":"ID","Post":"ID","What":"comment","State":"held"}`},
		{MessageApproved{MessageID(n), ContactID(n), p}, "message.approved", `{"Message":"ID","Contact":"ID","Post":"ID"}`},
		{MessageRejected{MessageID(n), ContactID(n), p, "spam"}, "message.rejected", `{"Message":"ID","Contact":"ID","Post":"ID","As":"spam"}`},
		{MessageAnswered{MessageID(n), MessageID(n), ContactID(n), 0, "mail"}, "message.answered",
			`{"Answer":"ID","To":"ID","Contact":"ID","Post":"","Channel":"mail"}`},
		{MessageClosed{MessageID(n)}, "message.closed", `{"Message":"ID"}`},
		{DeliverySettled{DeliveryID(n), "sent"}, "delivery.settled", `{"Delivery":"ID","State":"sent"}`},
		{MandateOpened{MandateID(n), ContactID(n), 0}, "mandate.opened", `{"Mandate":"ID","Contact":"ID","Message":""}`},
		{MandateMoved{MandateID(n), ContactID(n), "talk", "won"}, "mandate.moved", `{"Mandate":"ID","Contact":"ID","From":"talk","To":"won"}`},
		{MandateChanged{MandateID(n), ContactID(n)}, "mandate.changed", `{"Mandate":"ID","Contact":"ID"}`},
	} {
		b, err := json.Marshal(c.fact)
		if err != nil {
			t.Fatal(err)
		}
		want := strings.ReplaceAll(c.body, `"ID"`, `"`+id+`"`)
		if c.fact.Kind() != c.kind || string(b) != want {
			t.Errorf("%T is %s %s, was released as %s %s", c.fact, c.fact.Kind(), b, c.kind, want)
		}
	}
}
