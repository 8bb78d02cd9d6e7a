// Package account is who may sign in, and what they may do.
//
// An account has an e-mail, a password (argon2id, at most a few computed at once, so that a crowd at the door cannot
// take the machine's memory) and grants: a role on everything or on one voice. Three things stand for an account:
//
//   - a session, a random token in a cookie; its row holds only a hash, is listed to its owner and can be revoked;
//   - a token, a random bearer for the JSON API with a scope, read or write;
//   - a reset link, good once and for an hour, mailed or printed by the command line.
//
// What is good no more is refused at once and deleted at night (Prune).
//
// Signing in says the same, and takes as long, whether the address is unknown or the password wrong. It emits
// AccountCreated, AccountGranted and PasswordChanged, and hears nothing.
package account
