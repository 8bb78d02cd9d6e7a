package deliveryweb

import "causerie/internal/platform/mail"

// preset is what is known of a provider: the server that takes its customers' mail, and what password it wants. The last comes from
// what the providers publish; it is a start, and the test tells whether it is still true.
type preset struct {
	Key, Name string // Name is the provider's own
	Host      string
	Port      int
	TLS       mail.TLSMode
	Note      string // what to know of its password and bounds: relay.note.<Note>
}

// presets are offered in this order.
var presets = []preset{
	{"ovh", "OVHcloud", "ssl0.ovh.net", 465, mail.TLSImplicit, "mailbox"},
	{"infomaniak", "Infomaniak", "mail.infomaniak.com", 465, mail.TLSImplicit, "device"},
	{"gandi", "Gandi", "mail.gandi.net", 465, mail.TLSImplicit, "mailbox"},
	{"ionos", "IONOS", "smtp.ionos.fr", 465, mail.TLSImplicit, "mailbox"},
	{"gmail", "Gmail, Google Workspace", "smtp.gmail.com", 587, mail.TLSStart, "gmail"},
	{"microsoft", "Microsoft 365", "smtp.office365.com", 587, mail.TLSStart, "microsoft"},
	{"icloud", "iCloud", "smtp.mail.me.com", 587, mail.TLSStart, "app"},
	{"yahoo", "Yahoo", "smtp.mail.yahoo.com", 465, mail.TLSImplicit, "app"},
	{"orange", "Orange", "smtp.orange.fr", 465, mail.TLSImplicit, "access"},
	{"free", "Free", "smtp.free.fr", 465, mail.TLSImplicit, "free"},
	{"sfr", "SFR", "smtp.sfr.fr", 465, mail.TLSImplicit, "access"},
	{"laposte", "La Poste", "smtp.laposte.net", 465, mail.TLSImplicit, "access"},
	{"videotron", "Vidéotron", "smtp.videotron.ca", 587, mail.TLSStart, "access"},
	{"bell", "Bell", "smtphm.sympatico.ca", 587, mail.TLSStart, "access"},
	{"proximus", "Proximus", "relay.proximus.be", 587, mail.TLSStart, "access"},
	{"swisscom", "Swisscom", "smtpauths.bluewin.ch", 465, mail.TLSImplicit, "access"},
	{"fastmail", "Fastmail", "smtp.fastmail.com", 465, mail.TLSImplicit, "app"},
	{"brevo", "Brevo", "smtp-relay.brevo.com", 587, mail.TLSStart, "key"},
}

// presetOf returns the preset of a key, or else of a host.
func presetOf(key, host string) *preset {
	for i, p := range presets {
		if key != "" && p.Key == key || key == "" && host != "" && p.Host == host {
			return &presets[i]
		}
	}
	return nil
}
