package archive

import (
	"context"
	"fmt"
	"io"

	"causerie/internal/platform/i18n"
)

// Printer is in which words, and where, a command tells what it did.
type Printer struct {
	Out     io.Writer
	Catalog *i18n.Catalog // with Texts
	Lang    i18n.Lang
}

func (p Printer) say(key string, args ...any) error {
	_, err := fmt.Fprintln(p.Out, p.Catalog.T(p.Lang, key, args...))
	return err
}

// counts tells the figures of m that people know: posts, people, messages, files.
func (p Printer) counts(key string, m Manifest, before ...any) error {
	args := append(before, m.Rows("posts"), m.Rows("contacts"), m.Rows("messages"), int64(m.Files))
	if err := p.say(key, args...); err != nil {
		return err
	}
	if n := int64(len(m.Lost)); n > 0 {
		return p.say("archive.lost", n)
	}
	return nil
}

// RunBackup is `causerie backup FILE`.
func RunBackup(ctx context.Context, from House, path string, p Printer) error {
	m, err := Backup(ctx, from, path)
	if err != nil {
		return err
	}
	if err := p.counts("archive.saved", m, path); err != nil {
		return err
	}
	return p.say("archive.secrets")
}

// RunRestore is `causerie restore FILE`, into a house that was just made. Letters that were waiting are held.
func RunRestore(ctx context.Context, to House, path string, rebuild func(context.Context) error, p Printer) error {
	done, err := RestoreFile(ctx, to, path, Options{Hold: true, Inhabited: true, Rebuild: rebuild})
	if err != nil {
		return err
	}
	if err := p.counts("archive.restored", done.Manifest); err != nil {
		return err
	}
	if done.Held > 0 {
		if err := p.say("archive.held", done.Held); err != nil {
			return err
		}
	}
	return p.say("archive.secrets")
}

// RunMove is `causerie move --to URL`. The archive in between is made in dir, where there must be room for all files.
func RunMove(ctx context.Context, from, to House, dir string, rebuild func(context.Context) error, p Printer) error {
	done, err := Move(ctx, from, to, dir, Options{Rebuild: rebuild})
	if err != nil {
		return err
	}
	if err := p.counts("archive.moved", done.Manifest); err != nil {
		return err
	}
	return p.say("archive.secrets")
}
