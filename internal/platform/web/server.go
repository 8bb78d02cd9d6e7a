package web

import (
	"log/slog"
	"net/http"
	"time"
)

// NewServer returns a server for h with the bounds that keep slow and greedy clients from holding it: 10 s for the
// header, 32 KiB of it, two minutes of silence between requests. What the server itself complains of (a broken
// handshake, a panic that nobody recovered) goes to log as warnings. The caller sets Addr or brings a listener.
func NewServer(h http.Handler, log *slog.Logger) *http.Server {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}
