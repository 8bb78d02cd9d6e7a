package htmlmd

import (
	"strconv"

	"golang.org/x/net/html"
)

// maxColumns is how wide a table may be; one that is wider is there for the layout.
const maxColumns = 40

// tabulate makes each cell one line, and puts it in its column, as Markdown wants them. A table that is there for the layout (nested,
// one column, headings or code inside) is taken apart.
func tabulate(n *html.Node) {
	for _, foot := range find(n, "tfoot") { // it may stand first, and is shown last
		if foot.Parent == n {
			n.RemoveChild(foot)
			n.AppendChild(foot)
		}
	}
	rows := find(n, "tr")
	columns := 0
	for _, row := range rows {
		columns = max(columns, len(find(row, "td", "th")))
	}
	if columns < 2 || columns > maxColumns || len(find(n, "table", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote")) > 0 {
		for _, part := range find(n, "caption", "td", "th") {
			part.Data = "div"
		}
		for _, part := range find(n, "thead", "tbody", "tfoot", "tr", "colgroup") {
			for _, row := range find(part, "tr") {
				row.Data = "div"
			}
			part.Data = "div"
		}
		n.Data = "div"
		return
	}
	for _, cell := range find(n, "td", "th", "caption") {
		flatten(cell)
	}
	spread(rows)
}

// wide is how many columns the rows have with what their cells reach over. "colspan=1000" means to the end.
func wide(rows []*html.Node) int {
	const plausible = 20
	most := 0
	for _, row := range rows {
		n := 0
		for _, cell := range find(row, "td", "th") {
			if s := span(cell, "colspan"); s <= plausible {
				n += s - 1
			}
			n++
		}
		most = max(most, n)
	}
	return min(most, maxColumns)
}

// spread gives a cell that covers others what Markdown has instead: empty cells where it reaches, so that each of its neighbours stays
// under its heading.
func spread(rows []*html.Node) {
	columns := wide(rows)
	var below [maxColumns]int // by column, how many of the next rows a cell from above reaches into
	for _, row := range rows {
		at := 0
		covered := func(before *html.Node) {
			for at < columns && below[at] > 0 {
				below[at]--
				at++
				row.InsertBefore(element("td"), before)
			}
		}
		for _, cell := range find(row, "td", "th") {
			if cell.Parent != row {
				continue
			}
			covered(cell)
			across, deep := span(cell, "colspan"), span(cell, "rowspan")
			cell.Attr = nil
			for i := range min(across, columns-at) {
				below[at] = deep - 1
				at++
				if i > 0 {
					row.InsertBefore(element(cell.Data), cell.NextSibling)
				}
			}
		}
		covered(nil)
	}
}

// span reads how many columns or rows a cell covers.
func span(cell *html.Node, key string) int {
	if n, err := strconv.Atoi(attr(cell, key)); err == nil && n > 1 {
		return min(n, 1000)
	}
	return 1
}
