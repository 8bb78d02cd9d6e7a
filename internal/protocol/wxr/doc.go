// Package wxr reads WordPress exports (WordPress eXtended RSS, versions 1.0 to 1.2).
//
// Most houses that come to us leave a WordPress behind: years of posts, the comments of people who bothered to answer, and
// addresses that others link to. The export is one XML file, often of hundreds of megabytes, written by PHP from a
// database in which anything may have been pasted. So the reader streams (one item at a time in memory) and is
// lenient about what real files do: both spellings of the namespaces (http:// and https://wordpress.org/export/1.x/), no
// namespace at all, control characters and broken UTF-8 (dropped), bare ampersands and HTML entities, other encodings
// that the XML declaration names, CDATA cut in two around "]]>", PHP notices before and after the document.
//
// It is strict about what could hurt: a field has at most MaxField bytes, an item MaxItem, nesting is bounded; beyond
// that an *Error names the item. Addresses of the machines that commented (IP) are never read: we have no right to them.
//
// The zone of the site is not in the file. The *_gmt dates are right and preferred; see Item.Published.
//
// The importer in transfer calls it. Content comes as WordPress keeps it: htmlmd makes Markdown of it.
package wxr
