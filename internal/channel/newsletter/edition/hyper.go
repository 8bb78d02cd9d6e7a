package edition

import (
	"fmt"
	"html"
	"strconv"
	"strings"

	nethtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"causerie/internal/platform/text"
)

// What the text of a letter is made of, each element with its style inside. Classes are for dark rooms alone (page.tmpl).
const (
	serif = `Georgia,Times,serif`
	sans  = `Helvetica,Arial,sans-serif`
	mono  = `Menlo,Consolas,monospace`

	width = 552 // of the column, in pixels: 600 without its edges
)

var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace

// hyper writes a text as HTML for mail.
type hyper struct {
	strings.Builder
	s *sheet
}

func (h *hyper) put(format string, args ...any) { fmt.Fprintf(h, format, args...) }

// block writes what stands on lines of its own, with space below (in pixels).
func (h *hyper) block(n *nethtml.Node, below int) {
	switch n.DataAtom {
	case atom.P, atom.Dt, atom.Dd, atom.Summary, atom.Li, atom.Figcaption:
		h.paragraph(n, below)
	case atom.H1, atom.H2:
		h.heading(n, "h2", "margin:36px 0 12px;font-size:25px;line-height:31px")
	case atom.H3:
		h.heading(n, "h3", "margin:30px 0 10px;font-size:20px;line-height:27px")
	case atom.H4, atom.H5, atom.H6:
		h.put(`<h4 style="margin:24px 0 8px;font-size:18px;line-height:26px">`)
		h.inline(n)
		h.put("</h4>")
	case atom.Ul, atom.Ol:
		h.list(n, below)
	case atom.Dl:
		h.definitions(n)
	case atom.Blockquote:
		h.put(`<blockquote style="margin:28px 0"><table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr><td class="q" style="padding:2px 0 2px 20px;border-left:3px solid %s;font-size:20px;line-height:29px;font-style:italic">`, h.s.Accent)
		h.within(n, 12)
		h.put("</td></tr></table></blockquote>")
	case atom.Pre:
		h.put(`<table role="presentation" width="100%%" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 24px"><tr><td class="n" style="padding:14px 16px;background-color:%s"><pre style="margin:0;font-family:%s;font-size:14px;line-height:21px;white-space:pre-wrap">`, wash, mono)
		h.WriteString(escape(strings.TrimRight(words(n), "\n")))
		h.put("</pre></td></tr></table>")
	case atom.Table:
		h.table(n)
	case atom.Figure:
		h.put(`<div style="margin:30px 0">`)
		h.within(n, 0)
		h.put("</div>")
	case atom.Hr:
		h.WriteString(h.s.line())
	case atom.Section:
		h.notes(n)
	case atom.Audio, atom.Video:
		h.put(`<p style="margin:0 0 %dpx">`, below)
		h.media(n)
		h.put("</p>")
	default:
		h.within(n, below)
	}
}

// line is a short line in the middle, between two parts of a text.
func (s *sheet) line() string {
	return fmt.Sprintf(`<table role="presentation" align="center" width="80" cellpadding="0" cellspacing="0" border="0" style="margin:36px auto"><tr><td class="e" style="border-top:1px solid %s;font-size:1px;line-height:1px">&nbsp;</td></tr></table>`, edge)
}

// within writes what n holds, the last of it without space below.
func (h *hyper) within(n *nethtml.Node, below int) {
	all := parts(n)
	for i, p := range all {
		if i == len(all)-1 {
			below = 0
		}
		h.block(p, below)
	}
}

func (h *hyper) paragraph(n *nethtml.Node, below int) {
	style := fmt.Sprintf("margin:0 0 %dpx", below)
	switch n.DataAtom {
	case atom.Figcaption:
		h.put(`<p class="f" style="margin:8px 0 0;font-family:%s;font-size:13px;line-height:19px;color:%s">`, sans, faint)
		h.inline(n)
		h.put("</p>")
		return
	case atom.Dt, atom.Summary:
		style = "margin:0 0 4px;font-weight:bold"
	}
	h.put(`<p style="%s">`, style)
	h.inline(n)
	h.put("</p>")
}

func (h *hyper) heading(n *nethtml.Node, tag, style string) {
	h.put(`<%s style="%s;font-weight:normal;font-family:%s">`, tag, style, serif)
	h.inline(n)
	h.put("</%s>", tag)
}

func (h *hyper) list(n *nethtml.Node, below int) {
	start := ""
	if v, err := strconv.ParseUint(attr(n, "start"), 10, 16); err == nil {
		start = fmt.Sprintf(` start="%d"`, v)
	}
	h.put(`<%s%s style="margin:0 0 %dpx 26px;padding:0">`, n.Data, start, below)
	for li := range n.ChildNodes() {
		if li.DataAtom == atom.Li {
			h.put(`<li style="margin:0 0 8px">`)
			h.item(li)
			h.put("</li>")
		}
	}
	h.put("</%s>", n.Data)
}

// item writes what a list's item or a table's cell holds.
func (h *hyper) item(n *nethtml.Node) {
	if hasBlock(n) {
		h.within(n, 8)
		return
	}
	h.inline(n)
}

func (h *hyper) definitions(n *nethtml.Node) {
	for c := range n.ChildNodes() {
		switch c.DataAtom {
		case atom.Dt:
			h.block(c, 4)
		case atom.Dd:
			h.put(`<div style="margin:0 0 14px 24px">`)
			h.item(c)
			h.put("</div>")
		}
	}
}

func (h *hyper) table(n *nethtml.Node) {
	h.put(`<table width="100%%" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 26px;border-collapse:collapse;font-family:%s;font-size:15px;line-height:21px">`, sans)
	for c := range n.Descendants() {
		switch c.DataAtom {
		case atom.Caption:
			h.put(`<caption class="f" style="text-align:left;font-size:13px;color:%s">`, faint)
			h.inline(c)
			h.put("</caption>")
		case atom.Tr:
			h.put("<tr>")
			for cell := range c.ChildNodes() {
				h.cell(cell)
			}
			h.put("</tr>")
		}
	}
	h.put("</table>")
}

func (h *hyper) cell(n *nethtml.Node) {
	class, colour, weight := "r", rule, ""
	switch n.DataAtom {
	case atom.Th:
		class, colour, weight = "e", edge, ";font-weight:bold"
	case atom.Td:
	default:
		return
	}
	side := attr(n, "align")
	if side == "" {
		side = "left"
	}
	h.put(`<%s class="%s" align="%s" valign="top"`, n.Data, class, side)
	for _, key := range [...]string{"scope", "colspan", "rowspan"} {
		if v := attr(n, key); v != "" {
			h.put(` %s="%s"`, key, html.EscapeString(v))
		}
	}
	h.put(` style="padding:8px 12px 8px 0;border-bottom:1px solid %s%s">`, colour, weight)
	h.item(n)
	h.put("</%s>", n.Data)
}

// notes writes the notes of a text at its foot.
func (h *hyper) notes(n *nethtml.Node) {
	h.WriteString(h.s.line())
	h.put(`<div class="s" style="font-family:%s;font-size:15px;line-height:23px;color:%s">`, sans, soft)
	h.within(n, 8)
	h.put("</div>")
}

// inline writes what runs in lines.
func (h *hyper) inline(n *nethtml.Node) {
	for c := range n.ChildNodes() {
		if c.Type == nethtml.TextNode {
			h.WriteString(escape(c.Data))
			continue
		}
		switch c.DataAtom {
		case atom.Br:
			h.put("<br>")
		case atom.Img:
			h.image(c)
		case atom.A:
			h.link(c)
		case atom.Audio, atom.Video:
			h.media(c)
		case atom.Code, atom.Kbd, atom.Samp, atom.Var:
			h.put(`<code class="n" style="font-family:%s;font-size:15px;background-color:%s">`, mono, wash)
			h.inline(c)
			h.put("</code>")
		case atom.Mark:
			h.put(`<span class="w" style="background-color:%s">`, h.s.Wash)
			h.inline(c)
			h.put("</span>")
		case atom.Sup, atom.Sub:
			h.put(`<%s style="font-size:12px;line-height:0">`, c.Data)
			h.inline(c)
			h.put("</%s>", c.Data)
		case atom.Cite:
			h.put(`<span class="f" style="font-family:%s;font-size:15px;font-style:normal;color:%s">`, sans, faint)
			h.inline(c)
			h.put("</span>")
		case atom.Strong, atom.B, atom.Em, atom.I, atom.U, atom.S, atom.Del, atom.Ins, atom.Small, atom.Q:
			h.put("<%s>", c.Data)
			h.inline(c)
			h.put("</%s>", c.Data)
		default: // a span, a time, and blocks that stand where none should
			h.inline(c)
		}
	}
}

// link writes a link. One within the page leads to the page on the web, since many programs follow none within a mail.
func (h *hyper) link(n *nethtml.Node) {
	address := h.s.address(attr(n, "href"))
	switch {
	case attr(n, "role") == "doc-backlink":
		return
	case attr(n, "role") == "doc-noteref":
		h.put(`<span class="a" style="font-family:%s;font-weight:bold;color:%s">`, sans, h.s.Accent)
		h.inline(n)
		h.put("</span>")
		return
	case address == "":
		h.inline(n)
		return
	}
	h.put(`<a class="a" href="%s" style="color:%s">`, html.EscapeString(address), h.s.Accent)
	h.inline(n)
	h.put("</a>")
}

// image writes a picture as wide as the column, or as itself.
func (h *hyper) image(n *nethtml.Node) {
	src := h.s.address(attr(n, "src"))
	alt := attr(n, "alt")
	if src == "" || strings.HasPrefix(src, "data:") { // which Gmail and Outlook do not show
		h.WriteString(escape(alt))
		return
	}
	w, _ := strconv.Atoi(attr(n, "width"))
	height, _ := strconv.Atoi(attr(n, "height"))
	h.WriteString(h.s.picture(Picture{Src: src, Alt: alt, Width: w, Height: height}))
}

// media writes a link to a film or a sound.
func (h *hyper) media(n *nethtml.Node) {
	if address := h.s.mediaOf(n); address != "" {
		h.put(`<a class="a" href="%s" style="color:%s">%s</a>`, html.EscapeString(address), h.s.Accent, escape(h.s.mediaLabel(n)))
	}
}

// mediaOf is where a film or a sound is found.
func (s *sheet) mediaOf(n *nethtml.Node) string {
	if src := attr(n, "src"); src != "" {
		return s.address(src)
	}
	for c := range n.ChildNodes() {
		if src := attr(c, "src"); c.DataAtom == atom.Source && src != "" {
			return s.address(src)
		}
	}
	return ""
}

func (s *sheet) mediaLabel(n *nethtml.Node) string {
	if n.DataAtom == atom.Audio {
		return s.T("letter.audio")
	}
	return s.T("letter.video")
}

// picture returns an image of at most the width of the column; its words are legible where pictures are not shown.
func (s *sheet) picture(p Picture) string {
	const small = 64 // up to here it may stand in a line of text
	w, size, display := p.Width, "", "display:block;"
	switch {
	case w == 0:
		w, size = width, fmt.Sprintf(` width="%d"`, width)
	case w > width:
		if p.Height > 0 {
			size = fmt.Sprintf(` width="%d" height="%d"`, width, max(1, p.Height*width/w))
		} else {
			size = fmt.Sprintf(` width="%d"`, width)
		}
		w = width
	default:
		size = fmt.Sprintf(` width="%d"`, w)
		if p.Height > 0 {
			size += fmt.Sprintf(` height="%d"`, p.Height)
		}
		if w <= small {
			display = ""
		}
	}
	return fmt.Sprintf(`<img class="s" src="%s" alt="%s"%s style="%swidth:100%%;max-width:%dpx;height:auto;border:0;font-family:%s;font-size:15px;line-height:22px;color:%s">`,
		html.EscapeString(p.Src), html.EscapeString(text.Clip(p.Alt, 500)), size, display, w, sans, soft)
}
