package mandateweb

import (
	"html/template"
	"net/http"
	"net/url"

	"causerie/internal/assets"
	"causerie/internal/fact"
	"causerie/internal/feature/mandate"
	"causerie/internal/platform/clock"
	"causerie/internal/platform/i18n"
	"causerie/internal/platform/web"
)

// boardPage is every mandate of one kind of stage, by stage.
type boardPage struct {
	web.Page
	Say     template.HTML // where things stand
	Filters []filter
	Stage   string
	Groups  []group
	Closed  bool // what is won or lost is a table
	Older   string
	Deleted *gone // by the page before
}

type filter struct {
	Key, URL string
	Count    int
	Current  bool
}

type group struct {
	Stage string
	Lines []line
}

// line is a mandate with what its row shows.
type line struct {
	mandate.Mandate
	Client string
	Path   string
	Amount string
	Face   assets.Face
	Late   bool
	Soon   bool // something is to be done within a week
}

// The filters of the list, as in the address. The first is what one sees without.
var filters = []string{mandate.AnyOpen, mandate.Postponed, mandate.Won, mandate.Lost}

// running are the stages of what is under way, the nearest to a win first.
var running = []string{mandate.Proposal, mandate.Talk, mandate.Request, mandate.Interest}

func (h *Handler) board(w http.ResponseWriter, r *web.Request) error {
	q := r.URL.Query()
	d := boardPage{Stage: q.Get("stage")}
	if d.Stage == "" {
		d.Stage = mandate.AnyOpen
	}
	sums, err := h.mandates.Sums(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	found, next, err := h.mandates.List(r.Context(), r.Actor(), mandate.Filter{Stage: d.Stage, Cursor: q.Get("cursor"), Limit: 100})
	if err != nil {
		return err
	}
	lines, err := h.lines(r, found)
	if err != nil {
		return err
	}
	if next != "" {
		d.Older = "/app/mandates?" + url.Values{"stage": {d.Stage}, "cursor": {next}}.Encode()
	}
	d.Closed = d.Stage == mandate.Won || d.Stage == mandate.Lost
	d.Groups = grouped(d.Stage, lines)
	d.Filters = counted(r, sums, d.Stage)
	d.Say = say(r, d.Stage, sums, lines)
	d.Deleted = h.justDeleted(r)
	d.Title, d.Nav = r.T("mandate.list"), "mandates"
	return h.boardView.Render(w, r, http.StatusOK, d)
}

// lines finds the clients of all mandates at once.
func (h *Handler) lines(r *web.Request, found []mandate.Mandate) ([]line, error) {
	ids := make([]fact.ContactID, 0, len(found))
	for _, m := range found {
		if !m.Contact.IsZero() {
			ids = append(ids, m.Contact)
		}
	}
	names, err := h.contacts.Labels(r.Context(), r.Actor(), ids)
	if err != nil {
		return nil, err
	}
	today := clock.DayOf(r.Now(), r.Zone())
	lines := make([]line, len(found))
	for i, m := range found {
		l := line{Mandate: m, Client: names[m.Contact], Path: path(m.ID)}
		face := l.Client
		if face == "" {
			face = m.Title
		}
		l.Face = assets.FaceOf(m.Contact.String(), face)
		if cents, known := m.Amount(); known {
			l.Amount = i18n.Money(r.Lang(), cents, m.Currency)
		}
		if !m.NextOn.IsZero() {
			l.Late, l.Soon = m.NextOn.Before(today), m.NextOn.Before(today.Add(7))
		}
		lines[i] = l
	}
	return lines, nil
}

// grouped puts lines under their stages.
func grouped(stage string, lines []line) []group {
	stages := []string{stage}
	if stage == mandate.AnyOpen {
		stages = running
	}
	var groups []group
	for _, s := range stages {
		g := group{Stage: s}
		for _, l := range lines {
			if l.Stage == s {
				g.Lines = append(g.Lines, l)
			}
		}
		if len(g.Lines) > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

func counted(r *web.Request, sums []mandate.Sum, current string) []filter {
	all := make([]filter, len(filters))
	for i, stage := range filters {
		all[i] = filter{Key: "mandate.filter_" + stage, URL: "/app/mandates?stage=" + stage, Current: stage == current}
		all[i].Count, _ = amounts(r, sums, stagesOf(stage)...)
	}
	all[0].URL = "/app/mandates"
	return all
}

func stagesOf(filter string) []string {
	if filter == mandate.AnyOpen {
		return running
	}
	return []string{filter}
}

// say is the sentence above the list; "" when there is nothing to say.
func say(r *web.Request, stage string, sums []mandate.Sum, lines []line) template.HTML {
	count, money := amounts(r, sums, stagesOf(stage)...)
	if count == 0 {
		return ""
	}
	key := "mandate.say_" + stage
	s := r.TH(key, count)
	if money != "" {
		s = r.TH(key+"_for", count, money)
	}
	soon := 0
	for _, l := range lines {
		if l.Soon && l.Open() {
			soon++
		}
	}
	if soon > 0 && stage == mandate.AnyOpen {
		s += " " + r.TH("mandate.say_soon", soon)
	}
	return s
}
