package delivery

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"causerie/internal/fact"
)

// journal is what one process writes down, beside the database, of what it carries: that it begins to, and what became of it. The
// database hears of both in batches, since a commit for each would cost more than the mail; a process that is killed between two commits
// leaves up to two hundred rows that say sending. Its journal tells which of these never began, which were taken, and which nobody can
// know: those that were under way, one for each worker.
//
// It is not forced to the disk: what a process wrote survives the process, not the machine. It names the boot of the machine, and after
// another one it is not believed: then whatever was being sent is uncertain.
//
// The first line is "causerie outbox 1 <lease_by> <boot>", then come "b <id> <attempt>" and "e <id> <attempt> <outcome as JSON>".
type journal struct {
	dir, boot string
	self      int64

	mu    sync.Mutex
	file  *os.File
	size  int64
	lines map[fact.DeliveryID]string // what is not in the database yet
}

const (
	journalSuffix = ".journal"
	maxJournal    = 1 << 20 // bytes, then it is written anew with what is not in the database yet
	maxJournalRow = 16 << 10
)

// openJournal begins the journal of a process. Without a directory, or on a machine that does not name its boots, there is none, which is
// a nil journal: it takes everything and keeps nothing.
func openJournal(dir string, self int64) (*journal, error) {
	boot := bootID()
	if dir == "" || boot == "" {
		return nil, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	j := &journal{dir: dir, boot: boot, self: self, lines: map[fact.DeliveryID]string{}}
	if err := j.rewrite(); err != nil {
		return nil, err
	}
	return j, nil
}

func (j *journal) name() string {
	return filepath.Join(j.dir, strconv.FormatInt(j.self, 10)+journalSuffix)
}

// rewrite begins the file anew with what is still to be told. The new one is locked before it takes the place of the old one.
func (j *journal) rewrite() error {
	var b strings.Builder
	fmt.Fprintf(&b, "causerie outbox 1 %d %s\n", j.self, j.boot)
	for _, line := range j.lines {
		b.WriteString(line)
	}
	file, err := os.OpenFile(j.name()+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if !lockFile(file) {
		err = fmt.Errorf("%s is in use", j.name())
	}
	if err == nil {
		_, err = file.WriteString(b.String())
	}
	if err == nil {
		err = os.Rename(file.Name(), j.name())
	}
	if err != nil {
		file.Close()
		return err
	}
	if j.file != nil {
		j.file.Close()
	}
	j.file, j.size = file, int64(b.Len())
	return nil
}

// add writes a line about one delivery.
func (j *journal) add(what string, d Delivery, outcome []byte) error {
	line := fmt.Sprintf("%s %d %d %s\n", what, int64(d.ID), d.Attempts, outcome)
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.file == nil {
		return nil
	}
	j.lines[d.ID] += line
	n, err := j.file.WriteString(line)
	if j.size += int64(n); err == nil && j.size > maxJournal {
		err = j.rewrite()
	}
	if err != nil { // half a journal would be believed: none is better
		j.give()
	}
	return err
}

// begins notes that a delivery is about to be carried, ends what became of it.
func (j *journal) begins(d Delivery) error {
	if j == nil {
		return nil
	}
	return j.add("b", d, nil)
}

func (j *journal) ends(d Delivery, o Outcome) error {
	if j == nil {
		return nil
	}
	if len(o.Reply) > maxReply {
		o.Reply = o.Reply[:maxReply]
	}
	text, err := json.Marshal(noted(o))
	if err != nil {
		return err
	}
	return j.add("e", d, text)
}

// settled forgets what the database knows now.
func (j *journal) settled(results []result) {
	if j == nil {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, r := range results {
		delete(j.lines, r.item.ID)
	}
}

// close ends the journal. A process that ends in good order has told the database everything, and leaves none.
func (j *journal) close() {
	if j == nil {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.lines) == 0 {
		j.give()
	} else if j.file != nil {
		j.file.Close()
		j.file = nil
	}
}

// give removes the journal.
func (j *journal) give() {
	if j.file != nil {
		os.Remove(j.name())
		j.file.Close()
		j.file = nil
	}
}

// noted is an Outcome as a journal keeps it.
type noted struct {
	State  string        `json:"state"`
	Reason string        `json:"reason,omitempty"`
	Reply  string        `json:"reply,omitempty"`
	Again  time.Duration `json:"again,omitempty"`
}

// past is the journal of a process that was killed.
type past struct {
	file  *os.File // locked
	self  int64    // its lease_by
	begun map[attempt]bool
	ended map[attempt]Outcome
}

type attempt struct {
	id fact.DeliveryID
	nr int
}

// pastJournals returns the journals of processes that are no more, those that may be believed. They are removed with done, when the database has been told.
func (j *journal) pastJournals() (all []past, err error) {
	if j == nil {
		return nil, nil
	}
	names, err := filepath.Glob(filepath.Join(j.dir, "*"+journalSuffix))
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if name == j.name() {
			continue
		}
		file, err := os.Open(name)
		if err != nil {
			continue // its process just ended in good order
		}
		if !lockFile(file) {
			file.Close()
			continue // its process lives
		}
		p, ok := readJournal(file, j.boot)
		if !ok {
			os.Remove(name)
			file.Close()
			continue
		}
		p.file = file
		all = append(all, p)
	}
	return all, nil
}

func (p past) done() {
	os.Remove(p.file.Name())
	p.file.Close()
}

// readJournal reads a journal; false when it is none, or of another boot of the machine. What was being written when the process died
// ends without a line break and is not read: it had begun nothing yet, or the outcome is not known.
func readJournal(r io.Reader, boot string) (p past, ok bool) {
	lines := bufio.NewReaderSize(r, maxJournalRow)
	line, err := lines.ReadString('\n')
	var of string
	if err != nil {
		return p, false
	}
	if _, err := fmt.Sscanf(line, "causerie outbox 1 %d %s", &p.self, &of); err != nil || of != boot {
		return p, false
	}
	p.begun, p.ended = map[attempt]bool{}, map[attempt]Outcome{}
	for {
		line, err := lines.ReadSlice('\n')
		if err != nil {
			return p, err == io.EOF
		}
		words := strings.SplitN(strings.TrimSuffix(string(line), "\n"), " ", 4)
		if len(words) < 4 {
			return p, false
		}
		id, bad := strconv.ParseInt(words[1], 10, 64)
		nr, worse := strconv.Atoi(words[2])
		if bad != nil || worse != nil {
			return p, false
		}
		a := attempt{fact.DeliveryID(id), nr}
		switch words[0] {
		case "b":
			p.begun[a] = true
		case "e":
			var o noted
			if json.Unmarshal([]byte(words[3]), &o) != nil {
				return p, false
			}
			p.ended[a] = Outcome(o)
		default:
			return p, false
		}
	}
}
