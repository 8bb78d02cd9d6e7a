package compose_test

import (
	"strings"
	"testing"

	"causerie/internal/platform/i18n"
	"causerie/internal/platform/mail/compose"
)

func TestANumberToCallIsALink(t *testing.T) {
	t.Parallel()
	d := compose.New(i18n.New(), "fr-FR")
	d.Link("call", "tel:+33298000000")
	if html := d.HTML(); !strings.Contains(html, `href="tel:&#43;33298000000"`) && !strings.Contains(html, `href="tel:+33298000000"`) {
		t.Error(html)
	}
}
