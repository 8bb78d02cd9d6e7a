package web

import (
	"cmp"
	"fmt"
	"html/template"
	"net/url"
	"strings"
	"time"

	"causerie/internal/platform/clock"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/text"
)

// funcs are the functions of templates in language l:
//
//	{{T "key" args}}  {{TH "key" args}}        texts, the second with tags
//	{{date .At}} {{shortdate .At}} {{clocktime .At}} {{ago .At}} {{since .At}} {{when .At}} {{shortwhen .At}}   instants in the zone of the house
//	{{day .On}} {{shortday .On}}               civil days; date and shortdate take them too
//	{{iso .At}}                                for the datetime attribute of <time>
//	{{number .N}} {{money .Cents .Currency}}
//	{{set .Title}} {{set .Title .Lang}}        what people typed, typeset as its language asks
//	{{asset "work.css"}} {{icon "inbox"}}      addresses of assets, pictures in the line
//	{{url "/app/contacts" .ID "edit"}}         a path made of escaped segments
//	{{problem .Form "title"}} {{value .Form "title"}} {{checked .Form "public"}} {{problems .Form}}
//	{{once}}                                   the key of a form whose route says Once
//	{{dict "Name" "title" "Label" (T "x")}} {{list 1 2}}    arguments for partials
func (k *Kit) funcs(l i18n.Lang) template.FuncMap {
	c := k.o.Catalog
	return template.FuncMap{
		"T":         func(key string, args ...any) string { return c.T(l, key, args...) },
		"TH":        func(key string, args ...any) template.HTML { return c.THTML(l, key, args...) },
		"date":      func(v any) (string, error) { return k.dated(v, l, i18n.DayText) },
		"shortdate": func(v any) (string, error) { return k.dated(v, l, i18n.ShortDay) },
		"day":       func(v any) (string, error) { return k.dated(v, l, i18n.DayText) },
		"shortday":  func(v any) (string, error) { return k.dated(v, l, i18n.ShortDay) },
		"clocktime": k.timed(func(t time.Time) string { return i18n.Time(l, t, k.zone()) }),
		"ago":       k.timed(func(t time.Time) string { return i18n.Ago(l, t, k.o.Clock.Now(), k.zone()) }),
		"when":      k.timed(func(t time.Time) string { return i18n.When(l, t, k.o.Clock.Now(), k.zone()) }),
		"shortwhen": k.timed(func(t time.Time) string { return i18n.ShortWhen(l, t, k.o.Clock.Now(), k.zone()) }),
		"since":     k.timed(func(t time.Time) string { return i18n.Since(l, t, k.o.Clock.Now()) }),
		"iso":       iso,
		"set":       func(s string, lang ...string) string { return typeset(l, s, lang...) },
		"number":    func(v any) (string, error) { return number(l, v) },
		"money":     func(cents int64, currency string) string { return i18n.Money(l, cents, currency) },
		"asset":     k.findAsset,
		"icon":      k.icon,
		"url":       join,
		"problem":   func(f *Form, field string) string { return k.problem(l, f, field) },
		"problems":  func(f *Form) []string { return k.problems(l, f) },
		"value":     func(f *Form, field string) string { return f.Raw(field) },
		"checked":   func(f *Form, field string) bool { return f.Bool(field) },
		"dict":      dict,
		"list":      func(v ...any) []any { return v },
		"once":      formKey,
	}
}

// typeset sets what people typed in lang. Where nobody knows in which language that was, a French reader is taken to read French; to an
// English one it is left as it was typed, since English rules would take the spaces out of French.
func typeset(reader i18n.Lang, s string, lang ...string) string {
	switch known := cmp.Or(lang...); {
	case known != "":
		return text.Typeset(known, s)
	case reader.French():
		return text.Typeset(string(reader), s)
	}
	return s
}

// dated writes an instant's civil day in the zone of the house, or a civil day, with format.
func (k *Kit) dated(v any, l i18n.Lang, format func(i18n.Lang, clock.Day) string) (string, error) {
	if d, ok := v.(clock.Day); ok {
		return format(l, d), nil
	}
	t, ok, err := instant(v)
	if err != nil || !ok {
		return "", err
	}
	return format(l, clock.DayOf(t, k.zone())), nil
}

// timed makes a template function of format; no instant is "".
func (k *Kit) timed(format func(time.Time) string) func(any) (string, error) {
	return func(v any) (string, error) {
		t, ok, err := instant(v)
		if err != nil || !ok {
			return "", err
		}
		return format(t), nil
	}
}

func instant(v any) (t time.Time, ok bool, err error) {
	switch v := v.(type) {
	case time.Time:
		return v, !v.IsZero(), nil
	case *time.Time:
		if v == nil || v.IsZero() {
			return t, false, nil
		}
		return *v, true, nil
	}
	return t, false, fmt.Errorf("web: a %T is not an instant", v)
}

// iso writes an instant (RFC 3339, UTC) or a civil day for machines; "" for what they cannot read.
func iso(v any) (string, error) {
	if d, ok := v.(clock.Day); ok && d.Sayable() {
		return d.String(), nil
	} else if ok {
		return "", nil
	}
	t, ok, err := instant(v)
	if err != nil || !ok || !clock.Sayable(t) {
		return "", err
	}
	return t.UTC().Format(time.RFC3339), nil
}

func number(l i18n.Lang, v any) (string, error) {
	switch n := v.(type) {
	case int:
		return i18n.Number(l, int64(n)), nil
	case int64:
		return i18n.Number(l, n), nil
	case int32:
		return i18n.Number(l, int64(n)), nil
	case float64:
		return i18n.Decimal(l, n), nil
	}
	return "", fmt.Errorf("web: a %T is not a number", v)
}

func (k *Kit) icon(name string) (template.HTML, error) {
	i, ok := k.icons[name]
	if !ok {
		return "", fmt.Errorf("web: no icon %q", name)
	}
	return i, nil
}

// join makes a path of its first argument and escaped segments.
func join(base string, segments ...any) string {
	var b strings.Builder
	b.WriteString(strings.TrimSuffix(base, "/"))
	for _, s := range segments {
		b.WriteByte('/')
		b.WriteString(url.PathEscape(fmt.Sprint(s)))
	}
	return b.String()
}

// problem returns the sentence of the first problem of a field, "" when there is none. The field "" is the form
// as a whole.
func (k *Kit) problem(l i18n.Lang, f *Form, field string) string {
	if f == nil {
		return ""
	}
	for _, p := range f.Problems {
		if p.Field == field {
			return ProblemText(k.o.Catalog, l, p)
		}
	}
	return ""
}

// problems returns every sentence, for a summary above a long form.
func (k *Kit) problems(l i18n.Lang, f *Form) []string {
	if f == nil {
		return nil
	}
	return k.sentences(l, f.Problems)
}

func (k *Kit) sentences(l i18n.Lang, ps fault.Problems) []string {
	var all []string
	for _, p := range ps {
		all = append(all, ProblemText(k.o.Catalog, l, p))
	}
	return all
}

// dict makes the argument of a partial from names and values.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("web: dict needs names and values, got %d arguments", len(pairs))
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("web: dict: a %T is not a name", pairs[i])
		}
		m[name] = pairs[i+1]
	}
	return m, nil
}
