package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"causerie/internal/core/house"
	"causerie/internal/feature/begin"
)

type setupCmd struct {
	place
	House         string `required:"" placeholder:"NAME" help:"The name of the company or practice."`
	OwnerName     string `required:"" placeholder:"NAME" help:"Who speaks and signs in first."`
	OwnerEmail    string `required:"" placeholder:"ADDR" help:"Their e-mail."`
	PasswordStdin bool   `help:"Read the password from the first line of standard input."`
	Lang          string `default:"fr-FR" enum:"fr-FR,fr-CA,en" help:"fr-FR, fr-CA or en."`
	Country       string `default:"FR" enum:"FR,CA,BE,CH" help:"Whose law the house lives under (FR, CA, BE, CH)."`
	Timezone      string `placeholder:"ZONE" help:"An IANA zone; the country's by default."`
	Identity      string `placeholder:"FILE" help:"A JSON file with address, phone, publication_director and so on."`
	Public        bool   `help:"Go online immediately; refused while the legal notice is incomplete."`
}

func (s setupCmd) Run(c *console) error {
	if !s.PasswordStdin {
		return errors.New("give the password on standard input with --password-stdin: an argument would be visible in the list of processes")
	}
	password, err := firstLine(c.in)
	if err != nil {
		return err
	}
	identity, err := readIdentity(s.Identity)
	if err != nil {
		return err
	}
	a, err := s.place.openEmpty(c)
	if err != nil {
		return err
	}
	defer a.Close()
	made, err := a.Begin.Begin(c.ctx, begin.Input{
		House: s.House, OwnerName: s.OwnerName, OwnerEmail: s.OwnerEmail, Password: password, Lang: s.Lang, Country: s.Country,
		Zone: s.Timezone, Identity: identity, Public: s.Public,
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "%s is set up; %s speaks as /%s. Next: causerie serve\n", made.House.Name, made.Owner.Name, made.Voice.Slug)
	if missing := made.House.Missing(); !made.House.Public && len(missing) > 0 {
		fmt.Fprintf(c.out, "Before it can go online it needs: %s\n", strings.Join(missing, ", "))
	}
	return nil
}

// readIdentity reads the JSON object of an identity; a property that there is not is a mistake worth saying.
func readIdentity(file string) (i house.Identity, err error) {
	if file == "" {
		return i, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return i, fmt.Errorf("--identity: %w", err)
	}
	defer f.Close()
	d := json.NewDecoder(io.LimitReader(f, 64<<10))
	d.DisallowUnknownFields()
	if err := d.Decode(&i); err != nil {
		return i, fmt.Errorf("--identity %s: %w", file, err)
	}
	return i, nil
}

func firstLine(r io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(r, 4096)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	return strings.TrimRight(line, "\r\n"), nil
}
