// Package seal keeps secrets at rest and signs what travels through other people's hands.
//
// The password of the mail relay (later a mailbox's, and the key that signs letters): the database holds it sealed, so
// that a copy of the database, a backup or a stray log line gives nothing away. The key that opens them is not in the database: it
// is the file secret.key in the data directory (LoadOrCreate), or the words of CAUSERIE_SECRET (FromPassphrase).
// Whoever loses that key loses those secrets and nothing else: they are typed in again.
//
// Three things are made from one key, each under a key of its own derived by HKDF (RFC 5869), so that none can be
// passed for another:
//
//   - Seal and Unseal: XChaCha20-Poly1305 (RFC 8439 with a 24-byte random nonce). The purpose is bound to the text,
//     thus the password of a mailbox cannot be moved into the row of a relay and come out.
//   - MAC: a keyed hash, for what must be recognised without being kept (an erased address, say).
//   - Token and OpenToken: signed, url-safe texts with an end date, for links in letters. Their payload can be read
//     by whoever holds them; it cannot be changed.
//
// A purpose is a constant of the program such as "mailbox.password", never something that came from outside.
package seal
