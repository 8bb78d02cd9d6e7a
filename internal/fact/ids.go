// Package fact holds the ids and the facts of the product: plain structs, no logic.
//
// A fact is named in the past tense, is small, and holds ids and words of the glossary, never a name, an address or a
// text of a person: facts are kept for years (Keep), and people may ask to be forgotten. The kind of a released fact and the
// JSON of its body are frozen, in snake_case by tags, each with a golden file (internal/app/testdata/stored/fact); a new
// shape gets a new kind ("post.published.v2").
package fact

import "causerie/internal/platform/id"

// One mark per kind of row, so that ids of different rows are different types.
type (
	accountMark      struct{}
	sessionMark      struct{}
	tokenMark        struct{}
	voiceMark        struct{}
	houseMark        struct{}
	sectionMark      struct{}
	tagMark          struct{}
	postMark         struct{}
	mediaMark        struct{}
	contactMark      struct{}
	handleMark       struct{}
	conversationMark struct{}
	messageMark      struct{}
	deliveryMark     struct{}
	mandateMark      struct{}
	callMark         struct{}
	consentMark      struct{}
	askMark          struct{}
	subscriberMark   struct{}
	letterMark       struct{}
	relayMark        struct{}
	signingKeyMark   struct{}
	segmentMark      struct{}
	importMark       struct{}
	fieldMark        struct{}
	revisionMark     struct{}
)

// The ids of the product's rows.
type (
	HouseID        = id.ID[houseMark]
	AccountID      = id.ID[accountMark]
	SessionID      = id.ID[sessionMark]
	TokenID        = id.ID[tokenMark]
	VoiceID        = id.ID[voiceMark]
	SectionID      = id.ID[sectionMark]
	TagID          = id.ID[tagMark]
	PostID         = id.ID[postMark]
	MediaID        = id.ID[mediaMark]
	ContactID      = id.ID[contactMark]
	HandleID       = id.ID[handleMark]
	ConversationID = id.ID[conversationMark]
	MessageID      = id.ID[messageMark]
	DeliveryID     = id.ID[deliveryMark]
	MandateID      = id.ID[mandateMark]
	CallID         = id.ID[callMark]
	ConsentID      = id.ID[consentMark]
	AskID          = id.ID[askMark]
	SubscriberID   = id.ID[subscriberMark]
	LetterID       = id.ID[letterMark]
	RelayID        = id.ID[relayMark]
	SigningKeyID   = id.ID[signingKeyMark]
	SegmentID      = id.ID[segmentMark]
	ImportID       = id.ID[importMark]
	FieldID        = id.ID[fieldMark]
	RevisionID     = id.ID[revisionMark]
)
