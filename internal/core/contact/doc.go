// Package contact is somebody outside: a reader who wrote, a client, a partner.
//
// A contact is not an address. Handles (an e-mail, a phone, a page, an account of the fediverse) belong to a contact; each is
// known once in the house, by its folded key, and says when its owner proved it (verified). What a channel of handles differs
// in is a HandleChannel: how a value reads, what makes two spellings one, where it leads. A channel that is new registers its
// own. Only a verified handle earns trust: it skips moderation, and what its owner did counts as observed.
//
// Two contacts that look like one person are listed (Pairs), by clues that are kept beside each, until somebody says that they are two. Those that
// are one are merged: the one that goes stays as an alias, so that an old link or id still leads to the person. It is remembered what was whose
// (Mover), so that they can be parted again (Part): what came since stays with the one that was kept. Who was made known only by what turned out to be spam is dropped, unless something hangs on them: each
// capability that refers to contacts says so (RegisterTie).
//
// What a house wants to know of people besides, it keeps in fields of its own (Field): a text, a day, a number, or one of some choices. A
// person has a value in each or none; people are found by their values, and filtered by their keys, which are in the order of days and numbers.
//
// Contacts are shared by everybody who writes in a voice of the house; what was said is not (feature/inbox).
//
// Who asks to be forgotten is erased: the row stays and says nothing, and every package that keeps their words or anything
// about them hears ContactErased and deletes or blanks it in the same commit.
//
// What was mistyped is corrected: an address written otherwise stays the same handle, another address is another one, which is
// proved anew.
//
// A list of many is put in few statements and with one fact for all (PutManyIn).
//
// It emits ContactCreated, ContactsImported, ContactChanged, ContactsMerged, ContactsParted, HandleVerified, HandleRemoved,
// HandleChanged and ContactErased, and hears nothing.
// Nothing here counts what somebody read: audience figures and contacts never share a key.
package contact
