// Package compose puts mails together: blocks, in their order, that become a plain text and an HTML which say the same.
//
//	d := compose.New(catalog, reader.Lang)
//	d.Say("mail.reset.hello", reader.Name)
//	d.Button("mail.reset.link", address)
//	d.Small("mail.reset.not_you")
//	m := d.Message(from, to, d.T("mail.reset.subject", house))
//
// The words are keys of a catalog that the caller brings, in the language of the reader; what people wrote is given as
// text or as Markdown. The HTML is a few paragraphs with their styles inside them, because many programs drop a style
// sheet; it sets no colour at all, only what is fainter and what has a border, so that a program may turn it dark. It
// carries no picture, no script and nothing that tells who opened it. The text is the whole mail, not a hint to open the
// other part.
//
// Everything that writes mail uses it: the answers of channel/mailbox, the links of core/account, the test of core/mailer.
package compose
