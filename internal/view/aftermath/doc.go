// Package aftermath reads what followed a letter: what the people who got it said, what they asked for and what became business, who began
// to follow its voice, and who left by its links.
//
// It tells what came after, and of whom, in the fortnight from when the letter began to leave (Window); that it came because of the letter is known
// of those who left by its links, and of nobody else. No reader is counted: a letter holds nothing that would tell. What was said and opened is
// that of the letter's voice (of a digest, which speaks for several, of the voices in which who looks may write).
//
// It keeps nothing. It asks the outbox who got the letter, person by person from the rows of the fortnight, so that a letter to twenty thousand
// costs what a fortnight of answers does.
package aftermath
