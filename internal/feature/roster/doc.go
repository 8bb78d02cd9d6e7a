// Package roster brings lists of people into the house: address books, spreadsheets, the subscribers of another program.
//
// A file is CSV of any separator and encoding, or vCard. Its columns are recognised by their names, French and English, of Google, Outlook,
// LinkedIn, Mailchimp, Brevo, Ghost, Substack and listmonk among others; who imports sees the first ten people (Look) and may say
// otherwise. Import reads the file row by row, finds who is known by address, page, then telephone and name, completes them and makes the
// others known, in slices of a few hundredths of a second, so that others write in between.
//
// # What it promises
//
// A second run adds nothing. Who unsubscribed or bounced elsewhere comes as a withdrawal, never as an agreement. Who asked to be forgotten stays
// forgotten: their line is told, and nothing else. A name alone makes nobody one with another. No reaction hears of it (actor.Importer).
// Each row that is refused is told with its line and the reason, and can be written to a file to be mended and given again.
//
// On what one may write to those who come is asked once for all, or stands in columns (basis, jurisdiction, wording, source, date). Without
// either, people come and no agreement does.
package roster
