package wordpress

import (
	"fmt"
	"strings"
	"testing"

	"causerie/internal/harness/cost"
	"causerie/internal/protocol/htmlmd"
)

// It is not parallel: it measures.
func TestManyAddressesCostInProportion(t *testing.T) {
	text := func(n int) (string, map[string]string) {
		var b strings.Builder
		by := map[string]string{}
		for i := range n {
			fmt.Fprintf(&b, `<img src="https://a.example/%d.jpg"><a href="https://a.example/%d.pdf">b</a>`, i, i)
			by[fmt.Sprintf("https://a.example/%d.jpg", i)] = "/media/x/960"
		}
		return b.String(), by
	}
	do := func(n int) func() {
		src, by := text(n)
		md, err := htmlmd.Convert(src, htmlmd.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return func() {
			if all := shownIn(md); len(all) != 2*n || strings.Count(replaceEach(md.Markdown, by), "/media/x") != n {
				t.Errorf("%d addresses of %d", len(all), 2*n)
			}
		}
	}
	cost.InProportion(t, "addresses", do(5_000), do(cost.Times*5_000))
}

func TestAnAddressIsReplacedWhole(t *testing.T) {
	t.Parallel()
	by := map[string]string{"https://a.example/p.jpg": "/1", "https://a.example/p": "/2", htmlmd.Destination("https://a.example/p (1).jpg"): "/3"}
	for in, want := range map[string]string{
		"![a](https://a.example/p.jpg) [b](https://a.example/p)": "![a](/1) [b](/2)",
		"<https://a.example/p.jpg>":                              "[p.jpg](/1)",
		"https://a.example/p.jpg.bak":                            "https://a.example/p.jpg.bak",
		"xhttps://a.example/p":                                   "xhttps://a.example/p",
		"https://a.example/page":                                 "https://a.example/page",
		"![é](https://a.example/p%20%281%29.jpg) été":            "![é](/3) été",
		"": "",
	} {
		if got := replaceEach(in, by); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}

func TestAPictureThatStayedElsewhereHasTheNameOfItsFile(t *testing.T) {
	t.Parallel()
	body := "![](https://a.example/un_b.jpg) [![](https://a.example/c%20d.png \"x\")](https://b.example) ![Mot](https://a.example/e.jpg) ![](/media/x/960) !["
	want := `![un\_b.jpg](https://a.example/un_b.jpg) [![c d.png](https://a.example/c%20d.png "x")](https://b.example) ![Mot](https://a.example/e.jpg) ![](/media/x/960) ![`
	if got := named(body); got != want {
		t.Errorf("%q", got)
	}
	if got := unnamed(want, map[string]string{"https://a.example/un_b.jpg": "/1", "https://a.example/c%20d.png": "/2", "https://a.example/e.jpg": "/3"}); got != body {
		t.Errorf("%q", got)
	}
}
