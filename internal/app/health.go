package app

import (
	"context"
	"net/http"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
)

// healthRoutes are what a supervisor, a load balancer and a metrics collector ask.
func (a *App) healthRoutes() []web.Route {
	return []web.Route{
		{Pattern: "GET /healthz", Access: web.Anyone, Light: true, Handle: a.healthz},
		{Pattern: "GET /readyz", Access: web.Anyone, Light: true, Handle: a.readyz},
		{Pattern: "GET /metrics", Access: web.Local, Handle: a.metrics},
	}
}

// healthz says that the process answers, whatever the database does: restarting it would not mend the database.
func (a *App) healthz(w http.ResponseWriter, _ *web.Request) error {
	return say(w, "ok\n")
}

// readyz says that requests may be sent here: the database answers too.
func (a *App) readyz(w http.ResponseWriter, r *web.Request) error {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	if err := a.DB.Ping(ctx); err != nil {
		return fault.Unavailable("database_unavailable", err)
	}
	return say(w, "ready\n")
}

func say(w http.ResponseWriter, text string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, err := w.Write([]byte(text))
	return err
}

func (a *App) metrics(w http.ResponseWriter, r *web.Request) error {
	counts, err := a.Queue.Counts(r.Context())
	if err != nil {
		return err
	}
	set := metrics.NewSet()
	for state, n := range counts {
		set.GetOrCreateGauge(`causerie_jobs{state="`+state+`"}`, func() float64 { return float64(n) })
	}
	for rate, n := range a.Router.Strikes() {
		set.GetOrCreateCounter(`causerie_limits_reached_total{rate="` + rate + `"}`).Set(uint64(n))
	}
	set.GetOrCreateCounter("causerie_page_renderings_total").Set(uint64(a.Cache.Renderings()))
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	set.WritePrometheus(w)
	metrics.WriteProcessMetrics(w)
	return nil
}
