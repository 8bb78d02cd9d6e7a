package fetch

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"code.dny.dev/ssrf"
)

// Errors of this package; test with errors.Is.
var (
	ErrURL         = errors.New("fetch: not an http or https address without credentials")
	ErrPrivate     = errors.New("fetch: the address is not on the public internet")
	ErrPort        = errors.New("fetch: only ports 80 and 443 are asked")
	ErrTooLarge    = errors.New("fetch: the answer is too large")
	ErrRedirects   = errors.New("fetch: too many redirects")
	ErrContentType = errors.New("fetch: the answer is not of the kind asked for")
)

// maxRetryAfter bounds what a server may ask us to wait.
const maxRetryAfter = 7 * 24 * time.Hour

// ErrStatus is an answer other than 2xx (and 304, which is a Response); always as a pointer.
type ErrStatus struct {
	Code       int
	RetryAfter time.Duration // what the server asked to wait, at most a week; 0 when it did not say
	Body       []byte        // its first 4 kB: APIs explain themselves there
}

// Error names the status.
func (e *ErrStatus) Error() string {
	return fmt.Sprintf("fetch: status %d %s", e.Code, http.StatusText(e.Code))
}

// Temporary reports whether the same request may succeed later.
func (e *ErrStatus) Temporary() bool {
	switch e.Code {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return true
	}
	return e.Code >= 500
}

// retryAfter reads seconds or a date (RFC 9110, 10.2.3).
func retryAfter(value string, now time.Time) time.Duration {
	value = strings.TrimSpace(value)
	var wait time.Duration
	if seconds, err := strconv.Atoi(value); err == nil {
		wait = time.Duration(min(max(seconds, 0), int(maxRetryAfter/time.Second))) * time.Second
	} else if at, err := http.ParseTime(value); err == nil {
		wait = at.Sub(now)
	}
	return min(max(wait, 0), maxRetryAfter)
}

// typed finds the guard's refusal in what the transport returned.
func typed(err error) error {
	if errors.Is(err, ssrf.ErrProhibitedPort) {
		return fmt.Errorf("%w: %w", ErrPort, err)
	}
	for _, refusal := range []error{ssrf.ErrProhibitedIP, ssrf.ErrProhibitedNetwork, ssrf.ErrInvalidHostPort} {
		if errors.Is(err, refusal) {
			return fmt.Errorf("%w: %w", ErrPrivate, err)
		}
	}
	return fmt.Errorf("fetch: %w", err)
}
