package main

import (
	"fmt"
	"os"

	"causerie/internal/app"
	"causerie/internal/platform/actor"
	"causerie/internal/protocol/dnsrecord"
	"causerie/internal/view/maildoctor"
)

// mail says whether the mail of the house arrives, with the records to publish, in the language of the house. It changes nothing: the
// page has signing keys sign, once their records are seen.
func (d doctorCmd) mail(c *console, a *app.App) error {
	var dns dnsrecord.Resolver
	if d.DNSRecords != "" {
		f, err := os.Open(d.DNSRecords)
		if err != nil {
			return err
		}
		defer f.Close()
		if dns, err = dnsrecord.Read(f); err != nil {
			return err
		}
	}
	report, _, err := a.MailDoctor(dns).Examine(c.ctx, actor.System())
	if err != nil {
		return err
	}
	say, err := a.Words(c.ctx)
	if err != nil {
		return err
	}
	for _, f := range report.Findings {
		fmt.Fprintf(c.out, "%-5s  %s  %s: %s\n", levels[f.Level], f.About, say("maildoctor.what."+f.What), maildoctor.Says(say, f))
		if f.Is != "" {
			fmt.Fprintf(c.out, "       %s\n", f.Is)
		}
		for _, r := range f.Paste {
			fmt.Fprintf(c.out, "       + %s %s %q\n", r.Name, r.Type, r.Value)
		}
	}
	if n := report.Wrongs(); n > 0 {
		return fmt.Errorf("%d things are wrong", n)
	}
	return nil
}

var levels = map[string]string{maildoctor.Well: "well", maildoctor.Note: "note", maildoctor.Wrong: "WRONG"}
