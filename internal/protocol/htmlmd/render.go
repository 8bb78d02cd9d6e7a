package htmlmd

import (
	"regexp"
	"strings"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"github.com/JohannesKaufmann/html-to-markdown/v2/marker"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/base"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/commonmark"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/strikethrough"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/table"
	"golang.org/x/net/html"
)

// render writes the prepared tree in the Markdown that the editor writes too.
func render(body *html.Node) (string, error) {
	escape := converter.EscapeModeSmart
	if heavy(body) {
		escape = converter.EscapeModeDisabled
	}
	conv := converter.NewConverter(converter.WithEscapeMode(escape), converter.WithPlugins(
		base.NewBasePlugin(),
		commonmark.NewCommonmarkPlugin(
			commonmark.WithHorizontalRule("***"),
			commonmark.WithListEndComment(false),
			commonmark.WithLinkEmptyHrefBehavior(commonmark.LinkBehaviorSkip),
			commonmark.WithLinkEmptyContentBehavior(commonmark.LinkBehaviorSkip),
		),
		strikethrough.NewStrikethroughPlugin(),
		table.NewTablePlugin(
			table.WithHeaderPromotion(true),
			table.WithSkipEmptyRows(true),
			table.WithCellPaddingBehavior(table.CellPaddingBehaviorMinimal),
		),
	))
	if escape == converter.EscapeModeDisabled {
		conv.Register.TextTransformer(func(_ converter.Context, text string) string { return allEscaper.Replace(text) }, converter.PriorityLate)
	}
	conv.Register.RendererFor("img", converter.TagTypeInline, renderImage, converter.PriorityEarly)
	conv.Register.RendererFor("blockquote", converter.TagTypeBlock, renderQuote, converter.PriorityEarly)
	conv.Register.RendererFor(footCall, converter.TagTypeInline, renderFootCall, converter.PriorityEarly)
	conv.Register.RendererFor(footNote, converter.TagTypeBlock, renderFootNote, converter.PriorityEarly)
	conv.Register.RendererFor("a", converter.TagTypeInline, renderLink, converter.PriorityEarly)
	conv.Register.UnEscaper(beginsInside, converter.PriorityEarly)
	conv.Register.RendererFor("plain-link", converter.TagTypeInline, renderPlainLink, converter.PriorityEarly)
	md, err := conv.ConvertNode(body)
	if err != nil {
		return "", err
	}
	return strings.TrimSpace(string(md)) + "\n", nil
}

// beginsInside tells a mark that begins a line of a quotation or of a list, where it would be a list, a heading or a rule there. The
// library looks for it at the beginning of whole lines only.
func beginsInside(chars []byte, index int) int {
	at := index - 1 // its own placeholder
	switch chars[index] {
	case '-', '+', '*', '=', '#', '>', '~', '_':
	case '.', ')':
		for at > 0 && chars[at-1] >= '0' && chars[at-1] <= '9' {
			at--
		}
		if at == index-1 {
			return -1
		}
	default:
		return -1
	}
	inside := false
	for at--; at >= 0 && chars[at] != '\n'; at-- {
		switch c := chars[at]; {
		case c == '>' || c == '-':
			if at > 0 && rune(chars[at-1]) == marker.MarkerEscaping {
				return -1
			}
			inside = true
		case c != ' ':
			return -1
		}
	}
	if !inside {
		return -1
	}
	return 1
}

// heavy reports whether one line of the text has so many marks that looking at each in its context (the smart way, which
// reads to the end of the line for each) would take seconds. Then all of them are escaped, which reads less well.
func heavy(n *html.Node) bool {
	const most = 50_000_000
	length, marks := 0, 0
	var walk func(*html.Node) bool
	walk = func(n *html.Node) bool {
		if n.Type == html.TextNode {
			length += len(n.Data)
			for i := range len(n.Data) {
				switch n.Data[i] {
				case '\\', '*', '_', '-', '+', '.', '>', '<', '|', '#', '=', '[', '!', '~', '`':
					marks++
				}
			}
		}
		if length*marks > most {
			return true
		}
		for c := range n.ChildNodes() {
			if walk(c) {
				return true
			}
		}
		if isBlock(n) || is(n, "br") {
			length, marks = 0, 0
		}
		return false
	}
	return walk(n)
}

var allEscaper = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "#", `\#`, "|", `\|`, "~", `\~`,
	"-", `\-`, "+", `\+`, ".", `\.`, "=", `\=`, "!", `\!`)

// renderQuote writes a quotation. The library keeps the line ends of code from its own tidying with a mark, and forgets them when it
// quotes: the code would end with its first line.
func renderQuote(ctx converter.Context, w converter.Writer, n *html.Node) converter.RenderStatus {
	var inner strings.Builder
	ctx.RenderChildNodes(ctx, &inner, n)
	quoted := strings.TrimSpace(reManyLines.ReplaceAllString(inner.String(), "\n\n"))
	if quoted == "" {
		return converter.RenderSuccess
	}
	quoted = strings.ReplaceAll(quoted, string(marker.MarkerCodeBlockNewline), "\n")
	w.WriteString("\n\n> " + strings.ReplaceAll(quoted, "\n", "\n> ") + "\n\n")
	return converter.RenderSuccess
}

var reManyLines = regexp.MustCompile(`\n{3,}`)

// renderImage writes ![alt](src "caption").
func renderImage(_ converter.Context, w converter.Writer, n *html.Node) converter.RenderStatus {
	w.WriteString("![" + oneLine(attr(n, "alt")) + "](" + Destination(attr(n, "src")))
	if title := attr(n, "title"); title != "" {
		w.WriteString(` "` + oneLine(title) + `"`)
	}
	w.WriteString(")")
	return converter.RenderSuccess
}

// renderLink writes [words](address), the address letter by letter: the library would write its query anew.
func renderLink(ctx converter.Context, w converter.Writer, n *html.Node) converter.RenderStatus {
	var inner strings.Builder
	ctx = ctx.WithValue("is_inside_link", true) // the library's own mark
	ctx.RenderChildNodes(ctx, &inner, n)
	content, href := inner.String(), attr(n, "href")
	said := strings.TrimSpace(content)
	if said == "" || href == "" {
		return converter.RenderTryNext
	}
	before, after, _ := strings.Cut(content, said)
	w.WriteString(blankOf(before) + "[" + strings.ReplaceAll(said, "\n", " ") + "](" + Destination(href) + ")" + blankOf(after))
	return converter.RenderSuccess
}

// blankOf is the space that stands for white space around a link.
func blankOf(s string) string {
	if s == "" {
		return ""
	}
	return " "
}

// renderPlainLink writes an address that is its own text.
func renderPlainLink(_ converter.Context, w converter.Writer, n *html.Node) converter.RenderStatus {
	href := attr(n, "href")
	if dest := Destination(href); dest == href && (strings.HasPrefix(dest, "http://") || strings.HasPrefix(dest, "https://")) {
		w.WriteString("<" + dest + ">")
	} else if dest != "" {
		w.WriteString("[" + oneLine(href) + "](" + dest + ")")
	}
	return converter.RenderSuccess
}

// oneLine is text for an alternative text or a title: what Markdown would take for a mark is escaped.
func oneLine(s string) string {
	return lineEscaper.Replace(strings.Join(strings.Fields(s), " "))
}

var lineEscaper = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", "&lt;", ">", "&gt;",
	`"`, "&quot;", "|", "&#124;", "&", "&amp;", "~", `\~`)

// Destination is how Result.Markdown writes an address: with all that could end it in Markdown percent-encoded.
func Destination(href string) string {
	var b strings.Builder
	for _, r := range strings.TrimSpace(href) {
		if r <= ' ' || r == 0x7f || strings.ContainsRune("<>()|\\\"`[]*", r) {
			const hex = "0123456789ABCDEF"
			if r != '\n' && r != '\t' {
				b.WriteString("%" + string(hex[r>>4]) + string(hex[r&15]))
			}
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}
