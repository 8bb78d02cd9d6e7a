package assets

import (
	"bytes"
	"encoding/json"
	"html/template"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// proto stands for the pages that package web fills: the same fields, nothing of its machinery.
type proto struct {
	Title, Nav, Lang, Dir, Path, Said, Robots, Canonical string
	SaidText                                             string
	Chrome                                               any
	Form                                                 *protoForm
}

type protoForm struct{}

// protoFuncs are the template functions of package web, as simply as the prototypes need them.
func protoFuncs(t *testing.T, lang string) template.FuncMap {
	t.Helper()
	raw, err := FS.ReadFile(lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	if err := json.Unmarshal(raw, &texts); err != nil {
		t.Fatal(err)
	}
	return template.FuncMap{
		"T": func(key string, args ...any) string {
			s, ok := texts[key]
			if !ok {
				if strings.Contains(key, " ") {
					return key
				}
				t.Errorf("no text for %q in %s", key, lang)
			}
			for _, a := range args {
				s = strings.Replace(s, "{0}", a.(string), 1)
			}
			return s
		},
		"asset": func(name string) string { return "/assets/" + name },
		"icon": func(name string) template.HTML {
			b, err := FS.ReadFile("icons/" + name + ".svg")
			if err != nil {
				t.Error(err)
			}
			return template.HTML(bytes.TrimSpace(b))
		},
		"problem": func(f *protoForm, name string) string { return "" },
		"value":   func(f *protoForm, name string) string { return "" },
		"dict": func(kv ...any) map[string]any {
			m := map[string]any{}
			for i := 0; i+1 < len(kv); i += 2 {
				m[kv[i].(string)] = kv[i+1]
			}
			return m
		},
		"shortdate": func(any) string { return "3 mars" }, "shortday": func(any) string { return "3 mars" }, "longday": func(any) string { return "3 mars" },
		"face":    FaceOf,
		"bigface": func(key, name string) Face { f := FaceOf(key, name); f.Size = "big"; return f },
	}
}

// chromeFor returns what stands around each prototype.
func chromeFor(layout string) any {
	switch layout {
	case "public":
		return PublicChrome{
			VoiceName: "Claire Aubin", VoiceURL: "/", HouseName: "Ateliers Aubin", HouseURL: "/ateliers/",
			Nav:       []Link{{"/column/lundi/", "Le lundi", true}, {"/section/metier/", "Métier", false}, {"/n/", "Notes", false}, {"/a-propos", "À propos", false}},
			Foot:      []Link{{"/legal/notice", "Mentions légales", false}, {"/legal/privacy", "Vos données", false}, {"/feed.xml", "Flux", false}},
			Feeds:     []Feed{{"/feed.xml", "Claire Aubin", "application/rss+xml"}},
			RelMe:     []string{"https://social.example/@claire"},
			SearchURL: "/search", LangLinks: []LangLink{{"en", "/en/", "English", false}},
		}
	case "work":
		return WorkChrome{HouseName: "Ateliers Aubin", PersonName: "Claire Aubin", SiteURL: "/", Items: WorkItems(map[string]int{"inbox": 3, "deliveries": 2})}
	}
	return PlainChrome{HouseName: "Ateliers Aubin", HomeURL: "/"}
}

func renderProto(t *testing.T, file, lang string, change func(*proto)) []byte {
	t.Helper()
	layout, name, _ := strings.Cut(strings.TrimSuffix(filepath.Base(file), ".tmpl"), "_")
	tmpl := template.New("").Funcs(protoFuncs(t, lang))
	template.Must(tmpl.ParseFS(FS, "layout/"+layout+".tmpl", "layout/partial_*.tmpl"))
	template.Must(tmpl.ParseFiles(file))
	nav := map[string]string{"person": "contacts", "mandate": "mandates", "signin": ""}[name]
	if nav == "" {
		nav = name
	}
	p := proto{Title: "Nos délais", Nav: nav, Lang: lang, Path: "/x", Chrome: chromeFor(layout), Form: nil}
	if change != nil {
		change(&p)
	}
	var b bytes.Buffer
	if err := tmpl.ExecuteTemplate(&b, layout+".tmpl", p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func protoFiles(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/look/*.tmpl")
	if err != nil || len(files) == 0 {
		t.Fatal("no prototypes", err)
	}
	return files
}

var (
	inlineStyle = regexp.MustCompile(`<style|\sstyle=|<script>|\son[a-z]+=`)
	outside     = regexp.MustCompile(`(?:src|href)="(?:https?:)?//`)
)

// Every prototype renders in every layout and language with its landmarks, and with nothing that the strict policy
// would refuse. CAUSERIE_LOOK=DIR keeps the pages there, with their styles, for the eye.
func TestPrototypesRenderWithoutAnythingInline(t *testing.T) {
	dir := os.Getenv("CAUSERIE_LOOK")
	if dir != "" {
		writeSides(t, dir)
	}
	for _, file := range protoFiles(t) {
		for _, lang := range []string{"fr", "en"} {
			out := renderProto(t, file, lang, nil)
			if m := inlineStyle.Find(out); m != nil {
				t.Errorf("%s: inline %q", file, m)
			}
			for _, m := range outside.FindAll(bytes.ReplaceAll(out, []byte(`rel="me" href="https://social`), nil), -1) {
				t.Errorf("%s: leads outside: %q", file, m)
			}
			for _, want := range []string{`<main id="main"`, `class="skip"`, `lang="` + lang + `"`} {
				if !bytes.Contains(out, []byte(want)) && !(strings.Contains(file, "plain_") && strings.Contains(want, "skip")) {
					t.Errorf("%s: no %s", file, want)
				}
			}
			if n := bytes.Count(out, []byte("<h1")); n != 1 {
				t.Errorf("%s: %d h1", file, n)
			}
			if dir != "" && lang == "fr" {
				name := strings.TrimSuffix(filepath.Base(file), ".tmpl") + ".html"
				out = bytes.ReplaceAll(out, []byte(`"/assets/`), []byte(`"`))
				if err := os.WriteFile(filepath.Join(dir, name), out, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// writeSides joins styles and scripts of both sides as package web does, for looking at files.
func writeSides(t *testing.T, dir string) {
	t.Helper()
	for _, side := range []string{"public", "work"} {
		css := bytes.ReplaceAll(sideOf(t, "css", side), []byte("url(asset:"), []byte("url("))
		for name, b := range map[string][]byte{side + ".css": css, side + ".js": sideOf(t, "js", side)} {
			if err := os.WriteFile(filepath.Join(dir, name), b, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	static, err := fs.Glob(FS, "static/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range static {
		b, err := FS.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(f)), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// sideOf returns what one side loads: KIND/*.KIND, then KIND/SIDE/*.KIND.
func sideOf(t *testing.T, kind, side string) []byte {
	t.Helper()
	var out bytes.Buffer
	for _, pattern := range []string{kind + "/*." + kind, kind + "/" + side + "/*." + kind} {
		files, err := fs.Glob(FS, pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			b, err := FS.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			out.Write(b)
		}
	}
	return out.Bytes()
}

// The layouts hold when nothing could be read about the house: an error page is still a page.
func TestLayoutsStandWithoutChrome(t *testing.T) {
	for _, file := range []string{"testdata/look/plain_error.tmpl", "testdata/look/public_legal.tmpl", "testdata/look/work_today.tmpl"} {
		out := renderProto(t, file, "fr", func(p *proto) { p.Chrome = nil; p.Said = "Une phrase." })
		if !bytes.Contains(out, []byte(`role="status"`)) {
			t.Errorf("%s: what was said is not shown", file)
		}
	}
}

// An owner sees on every page that nobody else sees the house, and that nothing leaves.
func TestBandsSayWhatIsHeldBack(t *testing.T) {
	there := renderProto(t, "testdata/look/work_today.tmpl", "en", func(p *proto) {
		c := p.Chrome.(WorkChrome)
		c.Held = true
		p.Chrome, p.Nav = c, "deliveries"
	})
	if bytes.Contains(there, []byte(`class="band wait"`)) {
		t.Error("the page of what leaves says it twice")
	}
	out := renderProto(t, "testdata/look/work_today.tmpl", "en", func(p *proto) {
		c := p.Chrome.(WorkChrome)
		c.NotPublic, c.Held = true, true
		p.Chrome = c
	})
	for _, want := range []string{`href="/app/settings"`, `href="/app/deliveries?state=held"`, `class="band wait"`, `aria-current="page"`, `href="/app/write"`} {
		if !bytes.Contains(out, []byte(want)) {
			t.Errorf("no %s", want)
		}
	}
}
