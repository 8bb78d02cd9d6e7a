// Package site is the public face of a house: what a stranger reads, and the two forms by which they speak.
//
// It is a channel. What the house says comes from post.Reader, which knows what is public and nothing else; what people
// say goes to the conversation (Talk), which decides what is seen. The package itself writes nothing.
//
// Public addresses are few and human: /{slug} for a post of the main voice, /{voice}/ and /{voice}/{slug} for the others,
// lists under section, tag, year and month, feeds under each. package place says whose an address may be and what is left
// of it under that voice; one pure function, parse, reads the rest, and the database is asked what stands there. An address
// is a promise: a renamed post answers 301, a deleted one 410, what a voice left leads to where it lives, an address of
// the program that the house used before leads to its post.
//
// Around each page stand the name of its voice with its logo or monogram, a menu (what an editor chose, else six entries at most; menu.go),
// where one writes to the house, and at the foot where it is. The same stands around refusals and the pages behind a mail's link (Around).
//
// A post's page may have other forms at the same address (Options.Alternates), for programs that ask for them.
//
// What it protects. A house that is not public yet answers 503 to strangers on every page, with noindex; those who are
// signed in see it as it will be. An internal voice does not exist here. Every page is the same for all who are not
// signed in, carries no cookie and asks nothing of any other site, so that the page cache may keep it; its forms need no
// script. Dates are written in full, since a page may be kept for months.
//
// What the law asks to show is made from the identity of the house (France: loi 2004-575, article 1-1; Quebec: Act
// respecting the protection of personal information in the private sector, section 3.1, 3.2 and 8; the European
// Regulation 2016/679, article 13).
//
// It emits nothing. It hears what changes what strangers see, and wakes the topics of the pages that show it (topics.go), so
// that the page cache renders those again and no others. internal/app mounts it.
package site
