package site

import (
	"net/http"

	"causerie/internal/assets"
	"causerie/internal/feature/post"
	"causerie/internal/platform/db"
	"causerie/internal/platform/fault"
	"causerie/internal/platform/web"
)

// talk is the conversation under a post.
type talk struct {
	Said   []said
	Count  int
	Open   bool
	Action string
	Notice string // key of what became of the reader's own message; "" mostly
	Parent string // id of the message that the form answers
	To     string // who wrote it
}

// said is one message as the page shows it.
type said struct {
	Said
	Face    assets.Face
	Reply   string // where a reader without script answers it; "" when the conversation is closed
	Answers []said
}

// depth is how far answers are set in. Deeper ones stand in a row.
const depth = 3

func (h *Handler) talk(tx *db.Tx, r *web.Request, f *frame, p post.Public) (talk, error) {
	t := talk{Action: f.path(p) + "/comments"}
	var err error
	if t.Open, err = h.o.Talk.Open(tx, p); err != nil {
		return t, err
	}
	thread, err := h.o.Talk.Thread(tx, p.ID)
	if err != nil {
		return t, err
	}
	t.Said = t.shape(thread, f, 1)
	return t, nil
}

// shape makes what the page shows of messages and counts them.
func (t *talk) shape(messages []Said, f *frame, level int) []said {
	out := make([]said, 0, len(messages))
	for _, m := range messages {
		t.Count++
		s := said{Said: m, Face: assets.FaceOf(m.Name, m.Name)}
		if m.Author {
			s.Face = assets.FaceOf(f.voice.ID.String(), m.Name)
			if m.Name == f.voice.Name {
				s.Face.Img = f.portrait
			}
		}
		if t.Open {
			s.Reply = "?reply=" + m.ID.String() + "#repondre"
		}
		answers := t.shape(m.Answers, f, level+1)
		if level < depth {
			s.Answers = answers
			out = append(out, s)
			continue
		}
		out = append(append(out, s), answers...)
	}
	return out
}

// comment takes in what a reader wrote under a post.
func (h *Handler) comment(w http.ResponseWriter, r *web.Request) error {
	return fault.NotFound("page")
}
