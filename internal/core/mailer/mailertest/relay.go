// Package mailertest sets the relays of a house in tests.
package mailertest

import (
	"testing"

	"causerie/internal/core/mailer"
	"causerie/internal/fact"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/mail"
)

// Input is what an owner types for the relay of an address, smtp://user:password@host:587.
func Input(t testing.TB, address string) mailer.RelayInput {
	t.Helper()
	r, err := mail.ParseRelay(address)
	if err != nil {
		t.Fatalf("mailertest: %v", err)
	}
	return mailer.RelayInput{Host: &r.Host, Port: &r.Port, TLS: &r.TLS, User: &r.User, Password: &r.Password}
}

// Add adds a relay, with what change says of it.
func Add(t testing.TB, relays *mailer.Relays, address string, change ...func(*mailer.RelayInput)) fact.RelayID {
	t.Helper()
	in := Input(t, address)
	for _, c := range change {
		c(&in)
	}
	id, err := relays.Add(t.Context(), actor.System(), in)
	if err != nil {
		t.Fatalf("mailertest: %v", err)
	}
	return id
}

// Only makes the relay of an address the only one.
func Only(t testing.TB, relays *mailer.Relays, address string) fact.RelayID {
	t.Helper()
	all, err := relays.All(t.Context(), actor.System())
	for _, r := range all {
		if err == nil {
			err = relays.Remove(t.Context(), actor.System(), r.ID)
		}
	}
	if err != nil {
		t.Fatalf("mailertest: %v", err)
	}
	return Add(t, relays, address)
}
