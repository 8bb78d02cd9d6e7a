package mailer

import "causerie/internal/platform/mail"

// Preset is what is known of a provider: the server that takes its customers' mail, what password it wants, and how much it takes. It
// comes from what the providers publish; it is a start, and the test tells whether it is still true.
type Preset struct {
	Key, Name string // Name is the provider's own
	Host      string
	Port      int
	TLS       mail.TLSMode
	Note      string // what to know of its password: relay.note.<Note>
	PerMinute int    // 0: none is published
	PerDay    int
	Known     bool   // PerDay is what the provider publishes; else it is our own caution, and a figure to be asked for
	Signs     bool   // signs for the domain in From, once that is set up with it
	SPF       string // the domain that one includes in one's SPF record; "" where none is published
}

// Careful bounds for a mailbox whose provider publishes none: what an ordinary correspondent would never reach by hand.
const (
	carefulMinute = 10
	carefulDay    = 200
)

// presets are offered in this order. Bounds and SPF names are as remembered, and were not looked up when this was written: check them at Google support.google.com/a/answer/166852 and
// answer/22839 (500 recipients a day, 2,000 with Workspace), Microsoft learn.microsoft.com « Exchange Online limits » (30 messages a
// minute, 10,000 recipients a day), OVHcloud docs « FAQ e-mail » (200 an hour, 300 every five minutes for an account), Infomaniak
// FAQ 2023 (1,440 a day), iCloud support.apple.com/102198 (1,000 a day), Yahoo help SLN3353 (500 a day), Fastmail « Account limits »
// (4,000 a day for a standard plan). Whoever bills by the message (Brevo, Mailjet, Postmark, Amazon SES) bounds by the plan: that is in
// one's account there.
var presets = []Preset{
	{Key: "ovh", Name: "OVHcloud", Host: "ssl0.ovh.net", Port: 465, TLS: mail.TLSImplicit, Note: "mailbox", PerMinute: 10, PerDay: 2000, Known: true, Signs: true, SPF: "mx.ovh.com"},
	{Key: "infomaniak", Name: "Infomaniak", Host: "mail.infomaniak.com", Port: 465, TLS: mail.TLSImplicit, Note: "device", PerMinute: 30, PerDay: 1440, Known: true, Signs: true, SPF: "spf.infomaniak.ch"},
	{Key: "gandi", Name: "Gandi", Host: "mail.gandi.net", Port: 465, TLS: mail.TLSImplicit, Note: "mailbox", PerMinute: carefulMinute, PerDay: carefulDay, Signs: true, SPF: "_mailcust.gandi.net"},
	{Key: "ionos", Name: "IONOS", Host: "smtp.ionos.fr", Port: 465, TLS: mail.TLSImplicit, Note: "mailbox", PerMinute: carefulMinute, PerDay: carefulDay, SPF: "_spf-eu.ionos.com"},
	{Key: "gmail", Name: "Gmail", Host: "smtp.gmail.com", Port: 587, TLS: mail.TLSStart, Note: "gmail", PerMinute: 20, PerDay: 500, Known: true, Signs: true, SPF: "_spf.google.com"},
	{Key: "workspace", Name: "Google Workspace", Host: "smtp.gmail.com", Port: 587, TLS: mail.TLSStart, Note: "gmail", PerMinute: 30, PerDay: 2000, Known: true, Signs: true, SPF: "_spf.google.com"},
	{Key: "microsoft", Name: "Microsoft 365, Outlook", Host: "smtp.office365.com", Port: 587, TLS: mail.TLSStart, Note: "microsoft", PerMinute: 30, PerDay: 10000, Known: true, Signs: true, SPF: "spf.protection.outlook.com"},
	{Key: "icloud", Name: "iCloud", Host: "smtp.mail.me.com", Port: 587, TLS: mail.TLSStart, Note: "app", PerMinute: 20, PerDay: 1000, Known: true, Signs: true, SPF: "icloud.com"},
	{Key: "yahoo", Name: "Yahoo", Host: "smtp.mail.yahoo.com", Port: 465, TLS: mail.TLSImplicit, Note: "app", PerMinute: 10, PerDay: 500, Known: true, Signs: true},
	{Key: "orange", Name: "Orange", Host: "smtp.orange.fr", Port: 465, TLS: mail.TLSImplicit, Note: "access", PerMinute: carefulMinute, PerDay: carefulDay},
	{Key: "free", Name: "Free", Host: "smtp.free.fr", Port: 465, TLS: mail.TLSImplicit, Note: "free", PerMinute: carefulMinute, PerDay: carefulDay},
	{Key: "sfr", Name: "SFR", Host: "smtp.sfr.fr", Port: 465, TLS: mail.TLSImplicit, Note: "access", PerMinute: carefulMinute, PerDay: carefulDay},
	{Key: "laposte", Name: "La Poste", Host: "smtp.laposte.net", Port: 465, TLS: mail.TLSImplicit, Note: "access", PerMinute: carefulMinute, PerDay: carefulDay},
	{Key: "videotron", Name: "Vidéotron", Host: "smtp.videotron.ca", Port: 587, TLS: mail.TLSStart, Note: "access", PerMinute: carefulMinute, PerDay: carefulDay},
	{Key: "bell", Name: "Bell", Host: "smtphm.sympatico.ca", Port: 587, TLS: mail.TLSStart, Note: "access", PerMinute: carefulMinute, PerDay: carefulDay},
	{Key: "proximus", Name: "Proximus", Host: "relay.proximus.be", Port: 587, TLS: mail.TLSStart, Note: "access", PerMinute: carefulMinute, PerDay: carefulDay},
	{Key: "swisscom", Name: "Swisscom", Host: "smtpauths.bluewin.ch", Port: 465, TLS: mail.TLSImplicit, Note: "access", PerMinute: carefulMinute, PerDay: carefulDay},
	{Key: "fastmail", Name: "Fastmail", Host: "smtp.fastmail.com", Port: 465, TLS: mail.TLSImplicit, Note: "app", PerMinute: 60, PerDay: 4000, Known: true, Signs: true, SPF: "spf.messagingengine.com"},
	{Key: "brevo", Name: "Brevo", Host: "smtp-relay.brevo.com", Port: 587, TLS: mail.TLSStart, Note: "key", PerDay: 300, Known: true, Signs: true, SPF: "spf.brevo.com"},
	{Key: "mailjet", Name: "Mailjet", Host: "in-v3.mailjet.com", Port: 587, TLS: mail.TLSStart, Note: "key", PerDay: 200, Known: true, Signs: true, SPF: "spf.mailjet.com"},
	{Key: "postmark", Name: "Postmark", Host: "smtp.postmarkapp.com", Port: 587, TLS: mail.TLSStart, Note: "key", Signs: true, SPF: "spf.mtasv.net"},
	{Key: "ses", Name: "Amazon SES (Paris)", Host: "email-smtp.eu-west-3.amazonaws.com", Port: 587, TLS: mail.TLSStart, Note: "key", PerDay: 200, Known: true, Signs: true, SPF: "amazonses.com"},
}

// Presets returns what is known of providers, in the order in which they are offered.
func Presets() []Preset { return presets }

// PresetOf returns the preset of a key, or else the first of a host, nil when there is none.
func PresetOf(key, host string) *Preset {
	for i, p := range presets {
		if key != "" && p.Key == key || key == "" && host != "" && p.Host == host {
			return &presets[i]
		}
	}
	return nil
}
