package wordpress_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/transfer"
	"causerie/internal/transfer/wordpress"
)

// busy is an export of one post with n comments, every third of which answers the one before it.
func busy(n int) string {
	var extra strings.Builder
	extra.WriteString(`<wp:post_date_gmt>2019-03-12 08:00:00</wp:post_date_gmt><content:encoded><![CDATA[Un mot.]]></content:encoded>`)
	at := time.Date(2019, 3, 12, 9, 0, 0, 0, time.UTC)
	for i := 1; i <= n; i++ {
		parent := 0
		if i%3 == 0 {
			parent = i - 1
		}
		fmt.Fprintf(&extra, `<wp:comment><wp:comment_id>%d</wp:comment_id><wp:comment_author>Qui %d</wp:comment_author><wp:comment_author_email>qui%d@client.example</wp:comment_author_email>
<wp:comment_date_gmt>%s</wp:comment_date_gmt><wp:comment_content>Merci %d.</wp:comment_content><wp:comment_approved>1</wp:comment_approved><wp:comment_parent>%d</wp:comment_parent></wp:comment>`,
			i, i, i, at.Add(time.Duration(i)*time.Minute).Format(time.DateTime), i, parent)
	}
	return item(1, "publish", extra.String())
}

// TestOthersWriteWhileThousandsOfCommentsComeIn: no commit of an import holds more than a slice, and what was cut in the middle is
// finished by another run, nothing twice.
func TestOthersWriteWhileThousandsOfCommentsComeIn(t *testing.T) {
	const n = 1500
	s := newWorld(t, db.SQLite, dbtest.Once())
	run := func(ctx context.Context) (transfer.Report, error) {
		return wordpress.Import(ctx, s.Deps, export(busy(n)), wordpress.Options{Voice: s.claire.ID})
	}
	messages := func() int { return s.count(`SELECT COUNT(*) FROM messages`) }
	ctx, cancel := context.WithCancel(t.Context())
	var slowest time.Duration
	writes, done := 0, make(chan struct{})
	began := make(chan struct{})
	go func() {
		defer close(done)
		<-began
		for ctx.Err() == nil {
			at := time.Now()
			if err := s.DB.Write(context.Background(), func(*db.Tx) error { return nil }); err != nil {
				t.Error(err)
			}
			slowest = max(slowest, time.Since(at))
			if writes++; messages() >= 300 {
				cancel() // the import ends here, somewhere in the middle
			}
		}
	}()
	close(began)
	_, err := run(ctx)
	cancel()
	<-done
	t.Logf("cut after %d other writes, the slowest of %v: %v", writes, slowest, err)
	first := messages()
	report, err := run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	second := messages()
	if first < 300 || first == n || second != n || report.Comments != n-first {
		t.Errorf("%d comments came at first, then there are %d of %d; the report says %d", first, second, n, report.Comments)
	}
	if again, err := run(t.Context()); err != nil || again.Comments != 0 || messages() != n {
		t.Errorf("a third run brought %d, %v", again.Comments, err)
	}
}
