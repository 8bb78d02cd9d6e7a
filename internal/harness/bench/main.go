// Command bench measures the running program beside nginx, in one run, on one machine: what readers get from memory,
// what a page costs that is not there, how fast the program starts, how much memory it holds, and how long the pages
// of the work side take when there is very much of everything.
//
// It needs nginx and wrk (`make bench` installs them on Debian). Figures of shared machines are noisy: the one to
// quote is the ratio to nginx, requests per second of server processor, taken in the same minute.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"causerie/internal/app"
	"causerie/internal/core/house"
	"causerie/internal/feature/begin"
	"causerie/internal/harness/bulk"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/text"
)

func main() {
	log.SetFlags(0)
	seconds := flag.Int("seconds", 5, "seconds measured at each point")
	database := flag.String("database", "", "postgres://... instead of SQLite")
	unset := flag.Bool("unset", false, "measure while the program sets every text anew, as once after an update")
	letters := flag.Int("letters", 0, "measure a letter to so many, and nothing else")
	signed := flag.String("keys", "none,ed25519,both", "with -letters: who signs, none for the relay")
	binary := flag.String("binary", "", "a program that is built already, to measure it beside another")
	small := flag.Bool("small", false, "a tenth of the rows, to try the bench itself")
	flag.Parse()
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "causerie-bench")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	b := &bench{dir: dir, binary: *binary, database: *database, seconds: *seconds, unset: *unset}
	if *letters > 0 {
		if err := b.build(); err != nil {
			log.Fatal(err)
		}
		for _, keys := range strings.Split(*signed, ",") {
			if err := b.letters(ctx, *letters, keys); err != nil {
				log.Fatal(err)
			}
		}
		return
	}
	size := bulk.Size{Posts: 10_000, Words: 2000, Contacts: 50_000, Messages: 100_000, Mandates: 500, Talk: 50}
	if *small {
		size = bulk.Size{Posts: 1000, Words: 2000, Contacts: 5000, Messages: 10_000, Mandates: 50, Talk: 50}
	}
	fmt.Printf("machine: %d cores, %s, %s\n", runtime.NumCPU(), runtime.Version(), time.Now().Format(time.DateOnly))
	fmt.Printf("data: %d posts of %d words, %d contacts, %d messages\n\n", size.Posts, size.Words, size.Contacts, size.Messages)
	if err := b.prepare(ctx, size); err != nil {
		log.Fatal(err)
	}
	if err := b.measure(ctx); err != nil {
		log.Fatal(err)
	}
}

// build builds the program as it is given to people.
func (b *bench) build() error {
	if b.binary != "" {
		return nil
	}
	b.binary = filepath.Join(b.dir, "causerie")
	return command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", b.binary, "./cmd/causerie")
}

// prepare builds the program and fills a house.
func (b *bench) prepare(ctx context.Context, size bulk.Size) error {
	if err := b.build(); err != nil {
		return err
	}
	b.data = filepath.Join(b.dir, "data")
	a, err := app.Open(ctx, app.Config{Data: b.data, Database: b.database})
	if err != nil {
		return err
	}
	defer a.Close()
	made, err := a.Begin.Begin(ctx, begin.Input{
		House: "Ateliers Aubin", OwnerName: "Claire Aubin", OwnerEmail: "claire@aubin.example", Password: "une phrase assez longue",
		Identity: house.Identity{Address: "1 quai", Phone: "01 99 00 00 00", PublicationDirector: "C. Aubin", HostName: "H", HostAddress: "A", HostPhone: "T"},
		Public:   true,
	})
	if err != nil {
		return err
	}
	began := time.Now()
	slugs, err := bulk.Fill(ctx, a.DB, size, time.Now())
	if err != nil {
		return err
	}
	b.talked, b.article = "/"+slugs[0], "/"+slugs[1] // the newest has the fifty comments, any other ten: 25 KB
	if b.session, err = a.Accounts.OpenSession(ctx, made.Owner.ID, "bench"); err != nil {
		return err
	}
	if !b.unset { // else the program sets 10,000 texts anew while it is measured
		if err := a.DB.Write(ctx, func(tx *db.Tx) error { return house.TypesetBy.SetIn(tx, actor.System(), text.Version) }); err != nil {
			return err
		}
	}
	log.Printf("filled in %.1f s", time.Since(began).Seconds())
	return nil
}
