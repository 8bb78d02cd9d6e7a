package app

import (
	"causerie/internal/fact"
	"causerie/internal/platform/bus"
)

// Facts lists every kind of fact, for docs/map.md and for the test that keeps their JSON as it was released.
func Facts() []bus.Fact {
	return []bus.Fact{
		fact.HouseSetUp{}, fact.HouseChanged{}, fact.HouseOpened{}, fact.HouseClosed{},
		fact.AccountCreated{}, fact.AccountGranted{}, fact.PasswordChanged{}, fact.VoiceCreated{}, fact.VoiceChanged{}, fact.VoiceMoved{}, fact.VoiceRemoved{},
		fact.PostPublished{}, fact.PostChanged{}, fact.PostScheduled{}, fact.PostUnpublished{}, fact.PostDeleted{}, fact.PostRestored{},
		fact.PostsShown{}, fact.PostsHidden{}, fact.TermsChanged{}, fact.MediaChanged{}, fact.MediaDeleted{},
		fact.ContactCreated{}, fact.ContactsImported{}, fact.ContactChanged{}, fact.ContactsMerged{}, fact.ContactsParted{}, fact.ContactErased{}, fact.HandleVerified{}, fact.HandleRemoved{}, fact.HandleChanged{}, fact.CallChanged{},
		fact.ConsentRecorded{}, fact.ConsentsRecorded{},
		fact.MessageReceived{}, fact.MessageApproved{}, fact.MessageRejected{}, fact.MessageAnswered{}, fact.AnswerChanged{}, fact.MessageClosed{}, fact.MessagesDeleted{},
		fact.SubscriptionAsked{}, fact.SubscriptionsFlooded{}, fact.SubscriptionAsksGone{}, fact.SubscriptionConfirmed{}, fact.SubscriptionChanged{}, fact.OwnDataAsked{},
		fact.DeliverySettled{}, fact.MandateOpened{}, fact.MandateMoved{}, fact.MandateChanged{}, fact.MandateDeleted{}, fact.MandateRestored{},
	}
}
