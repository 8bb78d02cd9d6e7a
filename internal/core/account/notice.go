package account

import "causerie/internal/platform/db"

// What an account is told of by mail, because it might not have been its person who did it.
const (
	NoticePassword = "password" // it was changed; Args: "page", "reset" or "command", then "closed" or "kept", then the names of revoked tokens
	NoticeToken    = "token"    // a token was made; Args: its name, its scope
	NoticeAddress  = "address"  // the address is another; Args: the new one. It goes to the one before.
	NoticeOwner    = "owner"    // somebody owns the house now; Args: their name, their address
	NoticeTries    = "tries"    // many passwords were tried; Args: how many
)

// Notice is one thing that people are told about an account.
type Notice struct {
	What  string
	About Account
	Args  []string
}

// Postman mails to people about their account. accountmail is the one of the program.
type Postman interface {
	// ReadyIn reports whether mail leaves at all. Nothing that is told waits for the day on which it does.
	ReadyIn(tx *db.Tx) (bool, error)
	ResetIn(tx *db.Tx, to Account, token string) error
	InviteIn(tx *db.Tx, to Account, by, token string) error
	TellIn(tx *db.Tx, to Account, n Notice) error
}

// tellIn has about told, and every other owner too when it is of their concern, where mail leaves.
func (s *Service) tellIn(tx *db.Tx, about Account, owners bool, n Notice) error {
	ready, err := s.mailsIn(tx)
	if err != nil || !ready {
		return err
	}
	n.About = about
	to := []Account{about}
	if owners {
		all, err := db.All(tx, qAllOwners, scan)
		if err != nil {
			return err
		}
		for _, a := range all {
			if a.ID != about.ID {
				to = append(to, a)
			}
		}
	}
	for _, a := range to {
		if err := s.o.Postman.TellIn(tx, a, n); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) mailsIn(tx *db.Tx) (bool, error) {
	if s.o.Postman == nil {
		return false, nil
	}
	return s.o.Postman.ReadyIn(tx)
}
