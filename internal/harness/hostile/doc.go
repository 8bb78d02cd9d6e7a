// Package hostile holds the tests that throw published attacks at every input of the whole application: the Big List of
// Naughty Strings, the payloads of DOMPurify's own tests, the addresses of WHATWG's URL tests, of a collection of server-side
// request forgeries, and of isemail, all of ../shared/testdata, and a few strings that databases do not agree on.
//
// The promise: nothing that somebody types, sends, uploads or imports runs in the browser of somebody else, and nothing makes
// the program answer 5xx or log what it did not expect. A house is started on each engine (package harness). The inputs are
// found, not listed: the forms that stand in the pages, the routes that the router knows, the properties that the OpenAPI
// document describes, so that a page that is added tomorrow is attacked tomorrow. Every answer, whatever its status, is
// parsed as a browser would and must hold nothing that executes (see harm).
//
// Each payload goes through every form, alone or beside its neighbours in other fields and joined to them in long ones; the
// JSON API takes them one by one. CAUSERIE_BROWSER=1, with playwright-core in CAUSERIE_NODE_MODULES, also shows the pages to
// Chromium without the protection of the content security policy, and nothing may run there either.
//
// Only tests live here.
package hostile
