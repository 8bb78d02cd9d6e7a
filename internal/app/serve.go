package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"syscall"
	"time"

	"golang.org/x/crypto/acme/autocert"
	"golang.org/x/sync/errgroup"

	"causerie/internal/core/place"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
)

// grace is how long open requests have to end after the program was told to stop; a client that sends or takes nothing does not
// hold it longer.
const grace = 5 * time.Second

// Run serves the house on listeners of its own until ctx ends, then stops in order: streams end, running requests and
// running jobs finish, what has not after the grace is cut off. It returns nil then. ready, if given, is called with the
// address once it listens.
func (a *App) Run(ctx context.Context, ready func(address string)) error {
	listener, err := listen(a.Config.Listen)
	if err != nil {
		return err
	}
	return a.Serve(ctx, listener, ready)
}

// listen listens, or says why not and what to do.
func listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	switch {
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("cannot listen on %s: a port below 1024 is for root, or for a program that may: in the unit, "+
			"AmbientCapabilities=CAP_NET_BIND_SERVICE (and CapabilityBoundingSet), by hand, setcap cap_net_bind_service=+ep (%w)", address, err)
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("cannot listen on %s: another program does (%w)", address, err)
	case err != nil:
		return nil, fmt.Errorf("cannot listen on %s: %w", address, err)
	}
	return l, nil
}

// warnOfAddresses says what a beginner does not see: who can come in, and that links lead nowhere from elsewhere.
func (a *App) warnOfAddresses(at net.Addr) {
	tcp, ok := at.(*net.TCPAddr)
	if ok && a.Config.TLS != "auto" && tcp.IP.IsUnspecified() {
		a.Config.Log.Warn("whoever reaches this machine reaches this port, over plain http: put a proxy in front and listen on 127.0.0.1 (--listen), "+
			"or let --tls auto encrypt", "listen", at.String())
	}
	if place.Private(a.Config.URL) && a.current().Public {
		a.Config.Log.Warn("the site is online, but links, feeds and e-mails use an address that no one can open from elsewhere: give the public one with --url or CAUSERIE_URL",
			"url", a.Config.URL.String())
	}
}

// Serve is Run on a listener that the caller made.
func (a *App) Serve(ctx context.Context, listener net.Listener, ready func(address string)) error {
	var challenges net.Listener // of certificates
	if a.Config.TLS == "auto" {
		var err error
		if challenges, err = listen(":80"); err != nil {
			listener.Close()
			return err
		}
	}
	if err := a.Live.Start(ctx); err != nil {
		return err
	}
	if err := a.rememberURL(ctx); err != nil {
		return err
	}
	if err := a.oweTypeset(ctx); err != nil {
		return err
	}
	done, err := a.Begin.Done(ctx)
	if err != nil {
		return err
	}
	if !done {
		how := "no house yet: open /setup on this machine, or from elsewhere with this one-time key"
		if len(a.Config.Trusted) > 0 {
			how = "no house yet: open /setup with this one-time key"
		}
		a.Config.Log.Info(how, "url", a.Places.Last().House("/setup?key="+a.Begin.Key()))
	}

	group, ctx := errgroup.WithContext(ctx)
	jobs, stopJobs := context.WithCancel(context.WithoutCancel(ctx))
	server := web.NewServer(a.Handler, a.Config.Log)
	server.Bounds.Trusted = a.Config.Trusted
	var acme *web.Server
	if a.Config.TLS == "auto" {
		manager := a.certificates()
		server.TLSConfig = manager.TLSConfig()
		acme = web.NewServer(manager.HTTPHandler(nil), a.Config.Log)
		group.Go(func() error { return closed(acme.Serve(challenges)) })
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
			if err := acme.Stop(time.Second); err != nil {
				return err
			}
		}
		return server.Stop(grace)
	})
	if ready != nil {
		ready(listener.Addr().String())
	}
	a.warnOfAddresses(listener.Addr())
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
