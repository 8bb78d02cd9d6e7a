// Package browser holds what only a browser can tell of the sample house: that axe finds no fault in any page, in either
// language, on a telephone and on a desk; that a remark can be left with the keyboard alone; that a mandate asks before it
// moves, and Escape takes the question back; that reading and writing need no script; that no page breaks its own content policy or asks another host for anything.
//
// Its tests run Chromium without a head and take a minute or two, so they wait for CAUSERIE_BROWSER=1. axe-core is looked
// for in CAUSERIE_NODE_MODULES (`make tools` installs it). They pass over what is not installed with a sentence.
package browser
