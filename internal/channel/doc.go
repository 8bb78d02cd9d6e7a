// Package channel holds the ways out and in, one folder each: it is an essay, and no code.
//
// A channel has two directions. What the house says goes out: a channel hears fact.PostsShown and fact.PostsHidden, which
// package post emits in batches for what strangers see now and no longer, and no other fact of a post; what it sends to
// somebody it registers with the outbox (delivery.Service.Register), which keeps a delivery whose state is true. What people
// say comes in by the one door, inbox.Service.ReceiveIn, under the channel's name (RegisterChannel), and an answer leaves by
// the way that the channel registers (RegisterWay). A form of a post for programs, at the post's own address, is an
// alternate that site is given (site.Options.Alternates).
//
// Channels do not import each other; addresses come from package place. The site is the one channel that sends nothing: it
// is read.
package channel
