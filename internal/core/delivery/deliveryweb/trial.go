package deliveryweb

import (
	"time"

	"causerie/internal/core/delivery"
	"causerie/internal/fact"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/mail"
	"causerie/internal/platform/web"
)

// trial is the last test of the relay, in words.
type trial struct {
	Delivery delivery.Delivery
	At       time.Time
	Steps    []step
	Going    bool   // it goes on: the page comes back by itself
	Held     bool   // it waits, since all is held or nobody carries mail
	Said     string // how it ended, "" while it goes on
	OK       bool
}

// step is one step of the conversation.
type step struct {
	Label  string
	Words  string // the server's, or the machine's
	Why    string // in words, where it failed
	Failed bool
}

// lastTrial reads the last test, nil when there was none, its mail is forgotten, or it was another relay's.
func (h *Handler) lastTrial(r *web.Request, of fact.RelayID) (*trial, error) {
	kept, d, err := h.o.Tester.Trial(r.Context(), r.Actor())
	if fault.Is(err, fault.KindNotFound) || err == nil && kept.Delivery.IsZero() {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if !kept.Way.IsZero() && kept.Way != of {
		return nil, nil
	}
	t := trial{Delivery: d, At: kept.At}
	greeted := false
	for _, s := range kept.Steps {
		if s.Stage == string(mail.StageHello) && greeted {
			continue // once more, encrypted
		}
		greeted = greeted || s.Stage == string(mail.StageHello)
		t.Steps = append(t.Steps, step{Label: r.T("relay.step." + s.Stage), Words: s.Words})
	}
	switch {
	case kept.State == "" && (d.State == delivery.Queued || d.State == delivery.Sending):
		t.Going = true
	case d.State == delivery.Held:
		t.Held, t.Said = true, r.T("delivery.reason."+d.Reason)
	case kept.State == delivery.Sent || d.State == delivery.Sent:
		t.OK, t.Said = true, r.T("relay.trial_ok")
	case kept.State == "":
		t.Said = r.T("delivery.say." + d.State) // it was cancelled, or the program stopped meanwhile
	default:
		t.Said = r.T("relay.trial_failed")
		failed := step{Words: kept.Words, Failed: true}
		if kept.Stage != "" {
			failed.Label = r.T("relay.step." + kept.Stage)
		}
		if kept.Why != "" {
			failed.Why = r.T("delivery.reason." + kept.Why)
		}
		t.Steps = append(t.Steps, failed)
	}
	return &t, nil
}
