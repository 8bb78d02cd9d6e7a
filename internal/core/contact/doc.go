// Package contact is somebody outside: a reader who wrote, a client, a partner.
//
// A contact is not an address. Handles (an e-mail, a phone, a page) belong to a contact; each is known once in the
// house, by its folded key, and says when its owner proved it (verified). Only a verified handle earns trust: it skips
// moderation, and what its owner did counts as observed. Two contacts that are one person are merged: the one that goes
// stays as an alias, so that an old link or id still leads to the person.
//
// It emits ContactCreated, ContactChanged, ContactsMerged and HandleVerified, and hears nothing. Nothing here counts
// what somebody read: audience figures and contacts never share a key.
package contact
