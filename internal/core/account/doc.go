// Package account is who may sign in, and what they may do.
//
// An account has an e-mail, a password (argon2id, at most a few computed at once, so that a crowd at the door cannot
// take the machine's memory) and grants: a role on everything or on one voice; nobody owns one voice. Three things stand for
// an account:
//
//   - a session, a random token in a cookie; its row holds only a hash, is listed to its owner and can be revoked. It ends
//     when it was not seen for a month, and after ninety days;
//   - a token, a random bearer for the JSON API with a scope, read or write, and an end if it was given one;
//   - a reset link, good once and for an hour, mailed or printed by the command line.
//
// What is good no more is refused at once and deleted at night (Prune). A new password closes all of it, unless the person who
// changes it asks not to; a reset always does.
//
// Passwords that are guessed first are refused (weak.go). Tries are counted by account, in rows (tries.go): ten at once, then one
// each quarter of an hour, from wherever they come. A browser in which the account signed in before brings a cookie and is counted
// by itself, and a link to a new password always opens, so that nobody is shut out by others' tries. Signing in says the
// same, and takes as long, whether the address is unknown or the password wrong; so does Forgot, which looks for the account in a job.
//
// What might not have been done by the person is told to them by mail, where mail leaves (notice.go).
//
// It emits AccountCreated, AccountGranted and PasswordChanged, and hears nothing.
package account
