package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"causerie/internal/app"
	"causerie/internal/core/account"
	"causerie/internal/core/voice"
	"causerie/internal/platform/actor"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
)

type userCmd struct {
	Add           userAddCmd   `cmd:"" help:"Add someone who can sign in."`
	List          userListCmd  `cmd:"" help:"List who can sign in."`
	ResetPassword userResetCmd `cmd:"" help:"Set a password, or print a link to choose one."`
}

type userAddCmd struct {
	place
	Email         string `required:"" placeholder:"ADDR" help:"Their e-mail."`
	Name          string `required:"" placeholder:"NAME" help:"Their name."`
	Role          string `default:"author" enum:"owner,editor,author,reader" help:"owner, editor, author or reader."`
	Voice         string `placeholder:"SLUG" help:"Only on this voice."`
	Lang          string `default:"fr-FR" enum:"fr-FR,fr-CA,en" help:"The language of their pages."`
	PasswordStdin bool   `help:"Read the password from standard input; without it a link to choose one is printed."`
}

func (u userAddCmd) Run(c *console) error {
	a, err := u.place.open(c)
	if err != nil {
		return err
	}
	defer a.Close()
	in := account.NewAccount{Email: u.Email, Name: u.Name, Lang: u.Lang, Grants: []actor.Grant{{Role: actor.ParseRole(u.Role)}}}
	if u.Voice != "" {
		v, err := voiceBySlug(c.ctx, a, u.Voice)
		if err != nil {
			return err
		}
		in.Grants[0].Voice = int64(v.ID)
	}
	if u.PasswordStdin {
		password, err := firstLine(c.in)
		if err != nil {
			return err
		}
		if in.Password, err = a.Accounts.HashFor(c.ctx, password, u.Name, u.Email); err != nil {
			return err
		}
	}
	made, err := a.Accounts.Create(c.ctx, actor.System(), in)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "%s can sign in as %s\n", made.Name, made.Email)
	if !u.PasswordStdin {
		token, err := a.Accounts.ResetToken(c.ctx, actor.System(), made.ID)
		if err != nil {
			return err
		}
		fmt.Fprintf(c.out, "They can choose a password, within the hour, at %s\n", a.Places.Last().House("/app/reset?t="+token))
		aboutAddress(c, a)
	}
	return nil
}

type userListCmd struct{ place }

func (u userListCmd) Run(c *console) error {
	a, err := u.place.open(c)
	if err != nil {
		return err
	}
	defer a.Close()
	all, err := a.Accounts.List(c.ctx, actor.System())
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	for _, x := range all {
		var roles []string
		for _, g := range x.Grants {
			roles = append(roles, g.Role.String())
		}
		state := strings.Join(roles, ",")
		if x.Disabled {
			state = "disabled"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", x.Email, x.Name, state)
	}
	return w.Flush()
}

type userResetCmd struct {
	place
	Email         string `arg:"" help:"Whose password."`
	PasswordStdin bool   `help:"Read the new password from standard input; without it a link is printed."`
}

func (u userResetCmd) Run(c *console) error {
	a, err := u.place.open(c)
	if err != nil {
		return err
	}
	defer a.Close()
	who, err := a.Accounts.ByEmail(c.ctx, actor.System(), u.Email)
	if fault.Is(err, fault.KindNotFound) {
		return fmt.Errorf("no one signs in as %s", u.Email)
	}
	if err != nil {
		return err
	}
	if u.PasswordStdin {
		password, err := firstLine(c.in)
		if err != nil {
			return err
		}
		if err := a.Accounts.SetPassword(c.ctx, actor.System(), who.ID, password); err != nil {
			return err
		}
		fmt.Fprintf(c.out, "%s has a new password; all their sessions are closed\n", who.Email)
		return nil
	}
	token, err := a.Accounts.ResetToken(c.ctx, actor.System(), who.ID)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "Works once, within the hour: %s\n", a.Places.Last().House("/app/reset?t="+token))
	aboutAddress(c, a)
	return nil
}

// aboutAddress warns of a link that leads to this machine alone.
func aboutAddress(c *console, a *app.App) {
	if a.Places.Last().Private() {
		fmt.Fprintln(c.err, "causerie: that address only works on this machine or network. Once serve has been given the public one (--url or CAUSERIE_URL), links use it")
	}
}

// voiceBySlug finds a voice, or says which there are.
func voiceBySlug(ctx context.Context, a *app.App, slug string) (v voice.Voice, err error) {
	err = a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		v, err = a.Voices.BySlugIn(tx, slug)
		if !fault.Is(err, fault.KindNotFound) {
			return err
		}
		all, err := a.Voices.ListIn(tx)
		if err != nil {
			return err
		}
		var there []string
		for _, v := range all {
			there = append(there, v.Slug)
		}
		return fault.Conflict("voice.no_such_slug", slug, strings.Join(there, ", "))
	})
	return v, err
}

type tokenCmd struct {
	Create tokenCreateCmd `cmd:"" help:"Create a token; it is printed last, only once."`
}

type tokenCreateCmd struct {
	place
	Scope string `required:"" enum:"read,write" help:"read or write."`
	User  string `placeholder:"EMAIL" help:"Whose permissions it has; the owner's by default."`
	Name  string `default:"command line" help:"What it is for."`
	Days  int    `placeholder:"N" help:"How many days it is valid; no expiry by default."`
}

func (t tokenCreateCmd) Run(c *console) error {
	a, err := t.place.open(c)
	if err != nil {
		return err
	}
	defer a.Close()
	who, err := a.Accounts.Owner(c.ctx)
	if t.User != "" && err == nil {
		who, err = a.Accounts.ByEmail(c.ctx, actor.System(), t.User)
	}
	if fault.Is(err, fault.KindNotFound) {
		return fmt.Errorf("no one signs in as %s", t.User)
	}
	if err != nil {
		return err
	}
	var ends time.Time
	if t.Days < 0 || t.Days > 3660 {
		return errors.New("--days takes a number from 1 to 3660")
	}
	if t.Days > 0 {
		ends = a.DB.Clock().Now().AddDate(0, 0, t.Days)
	}
	bearer, _, err := a.Accounts.CreateTokenUntil(c.ctx, actor.System(), who.ID, t.Name, t.Scope, ends)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "A %s token with the permissions of %s:\n%s\n", t.Scope, who.Email, bearer)
	return nil
}
