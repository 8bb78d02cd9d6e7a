package api

import (
	"net/http"
	"time"

	"causerie/internal/core/mailer"
	"causerie/internal/fact"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/mail"
)

type relayJSON struct {
	ID        *string    `json:"id" doc:"null for the relay of the command line, which cannot be changed here"`
	Name      string     `json:"name"`
	Host      string     `json:"host"`
	Port      int        `json:"port"`
	TLS       string     `json:"tls" enum:"starttls,tls,off"`
	User      string     `json:"user"`
	Voice     *string    `json:"voice" doc:"slug of the voice whose mail it carries; null for every voice"`
	PerMinute *int       `json:"per_minute" doc:"how many it takes in a minute; null when no bound is known"`
	PerDay    *int       `json:"per_day" doc:"and in 24 hours"`
	Signs     bool       `json:"signs" doc:"it signs by itself (DKIM); otherwise the house does, with its own keys"`
	Lost      bool       `json:"lost" doc:"its password is sealed with a key that is not here: give it again"`
	LastDay   *int       `json:"last_day" doc:"how many it was handed in the last 24 hours; null where nobody counts"`
	FreeAt    *time.Time `json:"free_at" doc:"when it takes more; null when it does now"`
}

type relayBody struct {
	Provider  opt[string] `json:"provider,omitempty" doc:"a known one: gmail, workspace, microsoft, ovh, infomaniak, videotron, orange, free, brevo, ses...; it fills what is absent"`
	Name      opt[string] `json:"name,omitempty"`
	Host      opt[string] `json:"host,omitempty"`
	Port      opt[int]    `json:"port,omitempty" doc:"587, 465 or 25 when absent, by tls"`
	TLS       opt[string] `json:"tls,omitempty" doc:"starttls, tls, off; starttls when absent"`
	User      opt[string] `json:"user,omitempty"`
	Password  opt[string] `json:"password,omitempty" doc:"never given back; absent keeps the one that was, for the same user of the same host"`
	Voice     opt[string] `json:"voice,omitempty" doc:"slug or id; null for every voice"`
	PerMinute opt[int]    `json:"per_minute,omitempty" doc:"null for no bound"`
	PerDay    opt[int]    `json:"per_day,omitempty" doc:"null for no bound"`
	Signs     opt[bool]   `json:"signs,omitempty"`
}

func (a *API) relayRoutes(r *register) {
	read(r, "/relays", "listRelays", func(c *call, _ *none) (page[relayJSON], error) {
		all, err := a.Relays.All(c.ctx, c.by)
		if err != nil {
			return page[relayJSON]{}, err
		}
		k, err := a.knownVoices(c)
		return newPage(all, "", func(m mailer.Relay) relayJSON { return showRelay(k, m) }), err
	})
	write(r, http.MethodPost, "/relays", "addRelay", http.StatusCreated, func(c *call, _ *none, b *relayBody) (relayJSON, error) {
		id, err := create(c, func(tx *db.Tx) (fact.RelayID, error) {
			in, err := a.relayIn(c, tx, b)
			if err != nil {
				return 0, err
			}
			return a.Relays.AddIn(tx, c.by, in)
		})
		if err != nil {
			return relayJSON{}, err
		}
		if _, err := a.Deliveries.ReleaseNoRelay(c.ctx); err != nil {
			return relayJSON{}, err
		}
		return a.getRelay(c, id)
	})
	read(r, "/relays/{id}", "getRelay", func(c *call, in *oneInput) (relayJSON, error) {
		id, err := parse[fact.RelayID]("relay", in.ID)
		if err != nil {
			return relayJSON{}, err
		}
		return a.getRelay(c, id)
	})
	write(r, http.MethodPatch, "/relays/{id}", "changeRelay", http.StatusOK, func(c *call, in *oneInput, b *relayBody) (relayJSON, error) {
		id, err := parse[fact.RelayID]("relay", in.ID)
		if err != nil {
			return relayJSON{}, err
		}
		err = a.DB.Write(c.ctx, func(tx *db.Tx) error {
			change, err := a.relayIn(c, tx, b)
			if err != nil {
				return err
			}
			return a.Relays.ChangeIn(tx, c.by, id, change)
		})
		if err != nil {
			return relayJSON{}, err
		}
		if _, err := a.Deliveries.ReleaseNoRelay(c.ctx); err != nil {
			return relayJSON{}, err
		}
		return a.getRelay(c, id)
	})
	act(r, http.MethodDelete, "/relays/{id}", "deleteRelay", http.StatusNoContent, func(c *call, in *oneInput) (none, error) {
		id, err := parse[fact.RelayID]("relay", in.ID)
		if err != nil {
			return none{}, err
		}
		return none{}, a.Relays.Remove(c.ctx, c.by, id)
	})
}

func (a *API) getRelay(c *call, id fact.RelayID) (relayJSON, error) {
	m, err := a.Relays.Get(c.ctx, c.by, id)
	if err != nil {
		return relayJSON{}, err
	}
	k, err := a.knownVoices(c)
	return showRelay(k, m), err
}

// relayIn reads a body. What it does not say of a provider that it names is as the preset has it.
func (a *API) relayIn(c *call, tx *db.Tx, b *relayBody) (mailer.RelayInput, error) {
	in := mailer.RelayInput{Name: b.Name.ptr(), Host: b.Host.ptr(), Port: b.Port.ptr(), User: b.User.ptr(), Password: b.Password.ptr(),
		PerMinute: b.PerMinute.ptr(), PerDay: b.PerDay.ptr(), Signs: b.Signs.ptr()}
	if b.TLS.Set {
		mode := mail.TLSMode(b.TLS.V)
		in.TLS = &mode
	}
	if b.Voice.Set {
		all := fact.VoiceID(0)
		in.Voice = &all
		if b.Voice.V != "" {
			v, err := a.voiceIn(tx, c.by, "voice", b.Voice.V)
			if err != nil {
				return in, err
			}
			in.Voice = &v.ID
		}
	}
	if !b.Provider.given() {
		return in, nil
	}
	p := mailer.PresetOf(b.Provider.V, "")
	if p == nil {
		return in, fault.Invalid("provider", "unknown")
	}
	return in.Filled(*p), nil
}

func showRelay(k voices, m mailer.Relay) relayJSON {
	out := relayJSON{ID: orNull(m.ID.String()), Name: m.Name, Host: m.Host, Port: m.Port, TLS: string(m.TLS), User: m.User, Voice: k.slug(m.Voice),
		PerMinute: bound(m.PerMinute), PerDay: bound(m.PerDay), Signs: m.Signs, Lost: m.Lost, FreeAt: instant(m.FreeAt)}
	if out.PerDay != nil || out.PerMinute != nil {
		out.LastDay = &m.Day
	}
	return out
}

// bound is a bound as the API shows it, null for none.
func bound(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}
