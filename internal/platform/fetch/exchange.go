package fetch

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// Response is an answer, read to its end.
type Response struct {
	URL         string // where it came from, after redirects
	Moved       string // where the address has moved for good (301 or 308 all the way), "" if it has not
	Status      int    // 2xx or 304
	NotModified bool   // 304: no body, keep what you have
	Header      http.Header
	ContentType string // as declared, without parameters, in lower case; what the bytes look like if not declared
	Charset     string // as declared, in lower case, or ""
	Body        []byte
}

// maxExplanation is how much of a failed answer is kept.
const maxExplanation = 4 << 10

// Do sends one request and reads the whole answer. GET and HEAD follow redirects. The error is ErrURL, ErrPrivate,
// ErrPort, ErrTooLarge, ErrRedirects, ErrContentType, an *ErrStatus, or what the network or the context says.
func (c *Client) Do(ctx context.Context, method, address string, opts ...Option) (*Response, error) {
	u, err := check(address)
	if err != nil {
		return nil, err
	}
	r := &request{header: http.Header{}, max: c.options.MaxBytes, redirect: method == http.MethodGet || method == http.MethodHead}
	for _, o := range opts {
		o(r)
	}
	ctx, cancel := context.WithTimeout(ctx, c.options.Timeout)
	defer cancel()
	moved, forGood := "", true
	for hop := 0; ; hop++ {
		resp, err := c.send(ctx, method, u, r)
		if err != nil {
			return nil, err
		}
		next := resp.Header.Get("Location")
		if !r.redirect || !isRedirect(resp.StatusCode) || next == "" {
			defer resp.Body.Close()
			out, err := c.read(resp, r)
			if err != nil {
				return nil, err
			}
			out.Moved = moved
			return out, nil
		}
		_ = resp.Body.Close() // what stands beside a redirect is of no use
		if hop == c.options.MaxRedirects {
			return nil, ErrRedirects
		}
		to, err := u.Parse(next)
		if err != nil {
			return nil, ErrURL
		}
		if to, err = check(to.String()); err != nil {
			return nil, err
		}
		if to.Host != u.Host || to.Scheme != u.Scheme {
			r.forget()
		}
		forGood = forGood && (resp.StatusCode == http.StatusMovedPermanently || resp.StatusCode == http.StatusPermanentRedirect)
		if forGood {
			moved = to.String()
		}
		u = to
	}
}

func isRedirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// forget drops what the caller said to the first host only.
func (r *request) forget() {
	kept := http.Header{}
	for _, name := range []string{"Accept", "Accept-Language"} {
		if v := r.header.Get(name); v != "" {
			kept.Set(name, v)
		}
	}
	r.header = kept
}

func (c *Client) send(ctx context.Context, method string, u *url.URL, r *request) (*http.Response, error) {
	var body io.Reader
	if r.body != nil {
		body = bytes.NewReader(r.body)
	}
	req, err := http.NewRequestWithContext(ctx, method, u.String(), body)
	if err != nil {
		return nil, ErrURL
	}
	req.Header = r.header.Clone()
	req.Header.Set("User-Agent", c.options.UserAgent)
	if r.sign != nil {
		if err := r.sign(req, r.body); err != nil {
			return nil, fmt.Errorf("fetch: sign: %w", err)
		}
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, typed(err)
	}
	return resp, nil
}

// read takes the body and judges the answer.
func (c *Client) read(resp *http.Response, r *request) (*Response, error) {
	out := &Response{URL: resp.Request.URL.String(), Status: resp.StatusCode, Header: resp.Header}
	switch {
	case resp.StatusCode == http.StatusNotModified:
		out.NotModified = true
		return out, nil
	case resp.StatusCode/100 != 2:
		// Half an explanation is as good as none: its error does not matter.
		explanation, _ := io.ReadAll(io.LimitReader(resp.Body, maxExplanation))
		return nil, &ErrStatus{
			Code:       resp.StatusCode,
			RetryAfter: retryAfter(resp.Header.Get("Retry-After"), c.now()),
			Body:       explanation,
		}
	}
	if resp.Request.Method != http.MethodHead && resp.ContentLength > r.max {
		return nil, ErrTooLarge
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, r.max+1))
	if err != nil {
		return nil, fmt.Errorf("fetch: read: %w", err)
	}
	if int64(len(body)) > r.max {
		return nil, ErrTooLarge
	}
	out.Body = body
	out.ContentType, out.Charset = declared(resp.Header.Get("Content-Type"), body)
	if len(r.kinds) > 0 && resp.Request.Method != http.MethodHead && !isOneOf(r.kinds, out.ContentType, body) {
		return nil, fmt.Errorf("%w: %.100q", ErrContentType, out.ContentType)
	}
	return out, nil
}

func (c *Client) now() time.Time { return c.options.Clock.Now() }
