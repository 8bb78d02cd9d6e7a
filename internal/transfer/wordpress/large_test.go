package wordpress_test

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"causerie/internal/platform/blob"
	"causerie/internal/platform/db"
	"causerie/internal/platform/db/dbtest"
	"causerie/internal/schema"
	"causerie/internal/transfer/archive"
	"causerie/internal/transfer/wordpress"
)

// plant writes an export of n posts of about 400 words, with two comments each, to a file.
func plant(t testing.TB, n int) *os.File {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "large.xml"))
	must(t, err)
	t.Cleanup(func() { f.Close() })
	words := strings.Fields("l’atelier répond quand le bois travaille et que les délais glissent un client demande pourquoi un escalier coûte le prix d’une voiture on ouvre la porte on montre les plans")
	random := rand.New(rand.NewPCG(1, 2))
	paragraph := func() string {
		var b strings.Builder
		for range 80 {
			b.WriteString(words[random.IntN(len(words))])
			b.WriteByte(' ')
		}
		return b.String()
	}
	w := bufio.NewWriter(f)
	head, err := io.ReadAll(export())
	must(t, err)
	fmt.Fprint(w, strings.TrimSuffix(string(head), "</channel></rss>"))
	for i := 1; i <= n; i++ {
		at := time.Date(2005, 1, 1, 8, 0, 0, 0, time.UTC).Add(time.Duration(i) * 18 * time.Hour).Format(time.DateTime)
		body := "<h2>Constat</h2>\n" + paragraph() + "\n\n" + paragraph() + "<strong>à retenir</strong>\n\n<ul><li>un</li><li>deux</li></ul>\n\n" + paragraph() +
			fmt.Sprintf("\n\n<blockquote>%s</blockquote>\n\n<a href=\"https://old.example/2019/03/titre-%d/\">lire</a> ", paragraph(), i/2) + paragraph()
		var extra strings.Builder
		fmt.Fprintf(&extra, `<wp:post_date_gmt>%s</wp:post_date_gmt><content:encoded><![CDATA[%s]]></content:encoded>
<category domain="category" nicename="c%d">Catégorie %d</category><category domain="post_tag" nicename="t%d">mot %d</category>`, at, body, i%20, i%20, i%300, i%300)
		for c := range 2 {
			fmt.Fprintf(&extra, `<wp:comment><wp:comment_id>%d</wp:comment_id><wp:comment_author>Qui %d</wp:comment_author><wp:comment_author_email>qui%d@client.example</wp:comment_author_email>
<wp:comment_date_gmt>%s</wp:comment_date_gmt><wp:comment_content>Merci, cela nous aide.</wp:comment_content><wp:comment_approved>1</wp:comment_approved></wp:comment>`, 2*i+c, i%3000, i%3000, at)
		}
		fmt.Fprintln(w, item(i, "publish", extra.String()))
	}
	fmt.Fprint(w, "</channel></rss>")
	must(t, w.Flush())
	_, err = f.Seek(0, io.SeekStart)
	must(t, err)
	return f
}

// TestTenThousandPostsComeInAMinute measures: 10,000 posts and 20,000 comments in less than 60 s and 200 MB.
func TestTenThousandPostsComeInAMinute(t *testing.T) {
	if os.Getenv("CAUSERIE_BENCH") == "" {
		t.Skip("set CAUSERIE_BENCH=1 to measure")
	}
	w := newWorld(t, db.SQLite, dbtest.Once())
	f := plant(t, 10_000)
	info, err := f.Stat()
	must(t, err)
	start, worked := time.Now(), processor()
	r, err := wordpress.Import(t.Context(), w.Deps, f, wordpress.Options{})
	must(t, err)
	took := time.Since(start)
	t.Logf("%d posts, %d comments, %d MB of XML: %.1f s (%.1f s of processor), %s", r.Posts, r.Comments, info.Size()>>20, took.Seconds(), processor()-worked, peak())
	if r.Posts != 10_000 || r.Comments != 20_000 || took > time.Minute {
		t.Errorf("%+v in %s", r, took)
	}
	path := filepath.Join(t.TempDir(), "house.zip")
	start = time.Now()
	_, err = archive.Backup(t.Context(), archive.House{DB: w.DB, Blobs: blob.Dir(t.TempDir())}, path)
	must(t, err)
	took = time.Since(start)
	size, err := os.Stat(path)
	must(t, err)
	start = time.Now()
	_, err = archive.RestoreFile(t.Context(), archive.House{DB: dbtest.Open(t, db.SQLite, schema.All(), dbtest.Once()), Blobs: blob.Dir(t.TempDir())}, path, archive.Options{})
	must(t, err)
	t.Logf("its backup: %.1f s, %d MB; its restore: %.1f s, %s", took.Seconds(), size.Size()>>20, time.Since(start).Seconds(), peak())
	start = time.Now()
	again, err := wordpress.Import(t.Context(), w.Deps, f, wordpress.Options{})
	must(t, err)
	t.Logf("the second run, which adds nothing: %.1f s", time.Since(start).Seconds())
	if again.Already != 30_000 {
		t.Errorf("%+v", again)
	}
}

// processor returns how many seconds of processor the process has used, as Linux tells it: on a busy machine they say more
// than the clock.
func processor() float64 {
	b, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	fields := strings.Fields(rest) // from the third of proc(5) on
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return float64(user+system) / 100 // ticks of 10 ms
}

// peak returns the most memory that the process ever held, as Linux tells it.
func peak() string {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return "memory unknown"
	}
	for line := range strings.Lines(string(b)) {
		if strings.HasPrefix(line, "VmHWM:") {
			return strings.Join(strings.Fields(line)[1:], " ")
		}
	}
	return "memory unknown"
}
