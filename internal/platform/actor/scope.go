package actor

import "slices"

// Scope is what somebody may see: every voice, or some.
type Scope struct {
	All    bool    // every voice, those made later too, and what belongs to no voice
	Voices []int64 // without All: these, ascending, each once; may be empty
}

// Scope returns the voices on which a has at least the role. Someone without any has an empty scope: it sees nothing.
func (a Actor) Scope(atLeast Role) Scope {
	if a.On(0) >= atLeast {
		return Scope{All: true}
	}
	var s Scope
	for _, g := range a.Grants {
		if a.On(g.Voice) >= atLeast {
			s.Voices = append(s.Voices, g.Voice)
		}
	}
	slices.Sort(s.Voices)
	s.Voices = slices.Compact(s.Voices)
	return s
}

// Has reports whether voice is in s. What belongs to no voice (0) is only in a scope of all.
func (s Scope) Has(voice int64) bool {
	return s.All || voice != 0 && slices.Contains(s.Voices, voice)
}

// IsEmpty reports whether nothing is in s.
func (s Scope) IsEmpty() bool { return !s.All && len(s.Voices) == 0 }
