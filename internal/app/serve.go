package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"golang.org/x/crypto/acme/autocert"
	"golang.org/x/sync/errgroup"

	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
)

// grace is how long open requests have to end after the program was told to stop.
const grace = 15 * time.Second

// Run serves the house on listeners of its own until ctx ends, then stops in order: streams end, running requests and
// running jobs finish, what has not after the grace is cut off. It returns nil then. ready, if given, is called with the
// address once it listens.
func (a *App) Run(ctx context.Context, ready func(address string)) error {
	listener, err := net.Listen("tcp", a.Config.Listen)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w", a.Config.Listen, err)
	}
	return a.Serve(ctx, listener, ready)
}

// Serve is Run on a listener that the caller made.
func (a *App) Serve(ctx context.Context, listener net.Listener, ready func(address string)) error {
	if err := a.Live.Start(ctx); err != nil {
		return err
	}
	done, err := a.Begin.Done(ctx)
	if err != nil {
		return err
	}
	if !done {
		a.Config.Log.Info("no house yet: open /setup on this machine, or from elsewhere with this one-time key",
			"url", a.Places.Last().House("/setup?key="+a.Begin.Key()))
	}

	group, ctx := errgroup.WithContext(ctx)
	jobs, stopJobs := context.WithCancel(context.WithoutCancel(ctx))
	server := web.NewServer(a.Handler, a.Config.Log)
	var acme *web.Server
	if a.Config.TLS == "auto" {
		manager := a.certificates()
		server.TLSConfig = manager.TLSConfig()
		acme = web.NewServer(manager.HTTPHandler(nil), a.Config.Log)
		acme.Addr = ":80"
		group.Go(func() error { return closed(acme.ListenAndServe()) })
		group.Go(func() error { return closed(server.ServeTLS(listener, "", "")) })
	} else {
		group.Go(func() error { return closed(server.Serve(listener)) })
	}
	group.Go(func() error { return a.Queue.Run(jobs) })
	group.Go(func() error { return a.Deliveries.Run(jobs) })
	group.Go(func() error { return a.Live.Run(jobs) })
	group.Go(func() error { return a.keepReading(jobs) })
	group.Go(func() error {
		<-ctx.Done()
		defer stopJobs()
		if acme != nil {
			if err := acme.Stop(grace); err != nil {
				return err
			}
		}
		return server.Stop(grace)
	})
	if ready != nil {
		ready(listener.Addr().String())
	}
	a.Config.Log.Info("serving", "listen", listener.Addr().String(), "url", a.Config.URL.String(), "database", a.DB.Place())
	return group.Wait()
}

func closed(err error) error {
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

func (a *App) certificates() *autocert.Manager {
	return &autocert.Manager{
		Prompt:     autocert.AcceptTOS,
		Cache:      certificateCache{a.House},
		HostPolicy: a.knownHost,
	}
}

// certificateCache keeps certificates in the database, so that every process has them.
type certificateCache struct {
	store interface {
		Certificate(ctx context.Context, key string) ([]byte, error)
		KeepCertificate(ctx context.Context, key string, data []byte) error
		ForgetCertificate(ctx context.Context, key string) error
	}
}

func (c certificateCache) Get(ctx context.Context, key string) ([]byte, error) {
	data, err := c.store.Certificate(ctx, key)
	if fault.Is(err, fault.KindNotFound) {
		return nil, autocert.ErrCacheMiss
	}
	return data, err
}

func (c certificateCache) Put(ctx context.Context, key string, data []byte) error {
	return c.store.KeepCertificate(ctx, key, data)
}

func (c certificateCache) Delete(ctx context.Context, key string) error {
	return c.store.ForgetCertificate(ctx, key)
}
