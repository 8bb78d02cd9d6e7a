package main

import (
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"os/signal"
	"time"

	"causerie/internal/app"
	"causerie/internal/demo"
	"causerie/internal/platform/mail"
)

type demoCmd struct {
	Listen string `default:"127.0.0.1:8080" placeholder:"ADDR" help:"Where to listen."`
}

// Run shows a fictional house. Everything is in a temporary directory, and nothing leaves the machine.
func (d demoCmd) Run(c *console) error {
	if err := listenAddress("--listen", d.Listen); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(c.ctx, ending...)
	defer stop()
	outlive()
	listener, err := net.Listen("tcp", d.Listen)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w", d.Listen, err)
	}
	defer listener.Close()
	dir, err := os.MkdirTemp("", "causerie-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	base := &url.URL{Scheme: "http", Host: listener.Addr().String()}
	clk := &demo.Clock{}
	a, err := app.Open(ctx, app.Config{
		Data: dir, URL: base, Listen: d.Listen, Clock: clk, Captured: &mail.Captured{}, Demo: true, Version: version(),
		Log: slog.New(slog.NewTextHandler(c.err, &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
	if err != nil {
		return err
	}
	defer a.Close()
	fmt.Fprintln(c.out, "Preparing the house...")
	if _, err := demo.Build(ctx, a, time.Now()); err != nil {
		return err
	}
	fmt.Fprintf(c.out, "\n  Ateliers Aubin: %s\n  step in:        %s/app/dev/\n\n  Nothing leaves this machine; Ctrl+C stops it and removes everything.\n\n", base, base)
	return a.Serve(ctx, listener, nil)
}
