// Package sample is one coherent fictional house, in words and pictures: the Ateliers Aubin, joiners and makers of
// fitted furniture in Quimper, and the half year that their head, Claire Aubin, has spent writing, answering and
// winning work.
//
// It exists because a program about conversation shows nothing when it is empty. The demo plants this house, the
// tests read its pages, the screenshots are taken in it. Everybody who looks at Causerie for the first time looks at
// these sentences, so they are written as carefully as the program.
//
// The package is data and nothing else: World parses what is embedded and hands back plain structs. It knows no
// service, no table and no typed id; things name each other by short stable keys ("claire", "nos-delais",
// "helene-morvan") and somebody else plants them through the same doors as real people use. World checks that every
// key resolves, so that whoever plants need not.
//
// Two things are protected. Nobody is hurt: every person and firm is invented, every address ends in .example
// (RFC 2606), every French number lies in 01 99 00, the range that the ARCEP sets aside for fiction, and the firm's
// register number cannot be allotted. And nothing grows stale: no date is written down, each moment is a When, so
// many days before or after the present, and the Monday column falls on Mondays whatever the day of the demo.
//
// The pictures are drawn too: art holds the SVG sources, pictures the JPEGs that a headless browser made of them.
//
// French texts carry plain spaces before ; : ! ? and inside guillemets: setting them properly is the program's work.
package sample
