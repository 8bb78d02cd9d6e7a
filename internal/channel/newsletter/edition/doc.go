// Package edition sets a letter for the mailbox: from what the house says to a subject, an HTML that holds in the programs
// people read mail with, and a plain text that says the same.
//
// What it promises of every edition, whatever it is made of:
//
//   - one column of 600 pixels; tables where Word draws the mail (Outlook on Windows), styles inside the elements, since
//     many programs drop a style sheet; a small sheet for dark rooms and narrow screens, which nothing depends on;
//   - no picture but those of the letter, no script, no style or letter from elsewhere, nothing that tells who opened it;
//     every link as it was written, the same for everybody;
//   - less than 100 kB of HTML, since Gmail cuts off at 102: what is longer ends at a paragraph, leads to the site, and says so;
//   - both parts end at the same paragraph, and hold the same links;
//   - who speaks, by which right, where they are found on paper, and how to leave.
//
// What is each reader's own stands in slots: words that occur nowhere else, which the sender fills (mail.Prepare). A slot is made of a
// merge field that somebody wrote, "Bonjour {prénom},", with what goes when there is no name: "Bonjour,". Two readers of
// one edition differ by what is in the slots and by nothing else.
//
// It is pure: no database, no network, no clock. Its words are in its catalogs, in the language of the letter; its colours
// are those of the site, computed for contrast. What it may use of HTML and CSS is frozen in a test against caniemail's data
// (internal/harness/mailcheck asks caniemail itself).
package edition
