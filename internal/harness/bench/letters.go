package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"causerie/internal/app"
	"causerie/internal/core/consent"
	"causerie/internal/core/contact"
	"causerie/internal/core/house"
	"causerie/internal/feature/begin"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/mail/mailtest"
)

// letters measures a letter to many, from the press of the button to the last mail that the server took, with the program that people
// run and a server that is another process, this one. keys is how the house signs: none (as when its relay does), ed25519 or both.
func (b *bench) letters(ctx context.Context, count int, keys string) error {
	drop, err := b.aside(keys)
	if err != nil {
		return err
	}
	defer drop()
	b.data = filepath.Join(b.dir, "letters-"+keys)
	token, err := b.audience(ctx, count, keys)
	if err != nil {
		return err
	}
	sink, err := mailtest.NewSink()
	if err != nil {
		return err
	}
	defer sink.Close()
	var first, last atomic.Int64
	sink.Taken = func(string) {
		now := time.Now().UnixNano()
		first.CompareAndSwap(0, now)
		last.Store(now)
	}
	b.smtp, b.article = sink.URL(), "/"
	server, _, err := b.serve(false)
	if err != nil {
		return err
	}
	defer end(server)
	var letter struct {
		ID string `json:"id"`
	}
	if err := b.call(token, "/letters", map[string]any{"voice": "claire", "subject": "La lettre de mars", "body": letterBody, "audience": "letter"}, &letter); err != nil {
		return err
	}
	time.Sleep(time.Second) // what the start stirred up settles; nothing is concluded from this wait
	before, began := processor(server.Process.Pid), time.Now()
	peak, slowest := 0, time.Duration(0)
	if err := b.call(token, "/letters/"+letter.ID+"/send", map[string]any{}, nil); err != nil {
		return err
	}
	for sink.Messages() < count {
		if time.Since(began) > 10*time.Minute {
			return fmt.Errorf("%d of %d letters left in ten minutes", sink.Messages(), count)
		}
		time.Sleep(100 * time.Millisecond) // it measures while it waits
		peak = max(peak, memory(server.Process.Pid))
		asked := time.Now()
		resp, err := http.Get("http://" + b.address + "/")
		if err != nil {
			return err
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		slowest = max(slowest, time.Since(asked))
	}
	spent := processor(server.Process.Pid) - before
	took := time.Unix(0, last.Load()).Sub(began)
	fmt.Printf("| %s | %.0f/s | %.3f ms of processor each | first after %d ms | %d MB | a page %d ms at worst | %d connections | %d taken |\n", keys,
		float64(count)/took.Seconds(), 1000*spent/float64(count), time.Unix(0, first.Load()).Sub(began).Milliseconds(), peak, slowest.Milliseconds(),
		sink.Connections(), sink.Messages())
	return nil
}

// letterBody is a letter of some 4 kB of Markdown, as people write one.
var letterBody = "Bonjour {prénom},\n\n" + strings.Repeat("Deux dates sur le devis : celle où nous commençons, celle où nous finissons. Nous écrivons [la seconde](https://aubin.example/delais) en premier.\n\n", 25)

// audience sets a house up in which so many people agreed to the letter, and returns a token of its API.
func (b *bench) audience(ctx context.Context, count int, keys string) (string, error) {
	a, err := app.Open(ctx, app.Config{Data: b.data, Database: b.database})
	if err != nil {
		return "", err
	}
	defer a.Close()
	made, err := a.Begin.Begin(ctx, begin.Input{
		House: "Ateliers Aubin", OwnerName: "Claire Aubin", OwnerEmail: "claire@aubin.example", Password: "une phrase assez longue",
		Identity: house.Identity{Address: "1 quai", Phone: "01 99 00 00 00", PublicationDirector: "C. Aubin", HostName: "H", HostAddress: "A", HostPhone: "T",
			ContactEmail: "claire@aubin.example"},
		Public: true,
	})
	if err != nil {
		return "", err
	}
	if keys != "none" {
		if err := a.Keys.Make(ctx, actor.System(), "aubin.example"); err != nil {
			return "", err
		}
		all, err := a.Keys.All(ctx, actor.System())
		if err != nil {
			return "", err
		}
		for _, k := range all {
			if keys == "both" || strings.Contains(k.Record, "k=ed25519") {
				if err := a.Keys.Seen(ctx, k.ID); err != nil {
					return "", err
				}
			}
		}
	}
	for from := 0; from < count; from += 500 {
		if err := a.DB.Write(ctx, func(tx *db.Tx) error { return people(tx, a, from, min(from+500, count)) }); err != nil {
			return "", err
		}
	}
	token, _, err := a.Accounts.CreateToken(ctx, made.Owner.Actor(), made.Owner.ID, "bench", "write")
	if err != nil {
		return "", err
	}
	return token, a.DB.Analyze(ctx)
}

func people(tx *db.Tx, a *app.App, from, to int) error {
	cards := make([]contact.Card, 0, to-from)
	for i := from; i < to; i++ {
		email := fmt.Sprintf("reader%d@maison%d.example", i, i%500)
		cards = append(cards, contact.Card{Name: fmt.Sprintf("Lecteur %d", i), Handles: []contact.Handle{{Channel: contact.Email, Value: email, Key: email}}})
	}
	made, _, err := a.Contacts.PutManyIn(tx, actor.System(), cards)
	if err != nil {
		return err
	}
	entries := make([]consent.Entry, len(made))
	for i, id := range made {
		entries[i] = consent.Entry{Contact: id, Evidence: consent.Evidence{
			Channel: contact.Email, Purpose: consent.Letter, Basis: consent.Agreement, Jurisdiction: "FR", Wording: "Oui, je veux la lettre.", At: tx.Now().Add(-time.Hour)}}
	}
	return a.Consents.RecordManyIn(tx, actor.System(), entries)
}

// call posts to the API of the program and reads what it answers into v, nil for nothing.
func (b *bench) call(token, path string, body, v any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequest(http.MethodPost, "http://"+b.address+"/api/v1"+path, bytes.NewReader(raw))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode/100 != 2 {
		return fmt.Errorf("%s answers %s: %s %w", path, resp.Status, answer, err)
	}
	if v == nil {
		return nil
	}
	return json.Unmarshal(answer, v)
}

// aside makes a database of its own beside the one that is given, for one measurement, and returns what drops it. On SQLite each
// measurement has a directory of its own.
func (b *bench) aside(keys string) (drop func(), err error) {
	if b.database == "" {
		return func() {}, nil
	}
	server := b.database
	u, err := url.Parse(server)
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("causerie_bench_%d_%s", os.Getpid(), keys)
	if err := command("psql", server, "-q", "-c", "CREATE DATABASE "+name); err != nil {
		return nil, err
	}
	u.Path = "/" + name
	b.database = u.String()
	return func() {
		b.database = server
		if err := command("psql", server, "-q", "-c", "DROP DATABASE "+name); err != nil {
			log.Print(err)
		}
	}, nil
}
