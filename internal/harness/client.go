package harness

import (
	"io"
	"net/http"
	"net/url"
	"strings"
)

// Client is somebody's browser, without JavaScript. It keeps cookies and does not follow redirects by itself.
type Client struct {
	house *House
	http  *http.Client
}

// Get asks for a path of the house, or a whole address that begins with its URL.
func (c *Client) Get(path string) *Page {
	c.house.t.Helper()
	return c.send(http.MethodGet, path, "", nil)
}

// Post sends a form to a path.
func (c *Client) Post(path string, form url.Values) *Page {
	c.house.t.Helper()
	return c.send(http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

// Follow gets where a redirect leads; a page that does not redirect is a failure.
func (c *Client) Follow(p *Page) *Page {
	c.house.t.Helper()
	to := p.Header.Get("Location")
	if p.Status/100 != 3 || to == "" {
		c.house.t.Fatalf("%s answers %d and leads nowhere\n%s", p.Path, p.Status, p.Text())
	}
	return c.Get(p.resolve(to))
}

func (c *Client) send(method, path, kind string, body io.Reader) *Page {
	t := c.house.t
	t.Helper()
	address := path
	if !strings.HasPrefix(path, "http://") {
		address = c.house.URL + path
	}
	r, err := http.NewRequestWithContext(t.Context(), method, address, body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	r.Header.Set("Accept", "text/html,*/*")
	r.Header.Set("Accept-Language", "fr-FR")
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	answer, err := c.http.Do(r)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(io.LimitReader(answer.Body, 32<<20))
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return &Page{client: c, Path: r.URL.RequestURI(), url: r.URL, Status: answer.StatusCode, Header: answer.Header, Body: data}
}
