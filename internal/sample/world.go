package sample

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"gopkg.in/yaml.v3"
)

//go:embed *.yaml posts people pictures
var files embed.FS

// World reads the embedded house. Each call returns a fresh copy. An error is a mistake in the embedded files: a
// text that does not parse, or a key that names nothing.
func World() (*Data, error) {
	d := new(Data)
	var base struct {
		House    *House    `yaml:"house"`
		Voices   []Voice   `yaml:"voices"`
		Sections []Section `yaml:"sections"`
		Columns  []Column  `yaml:"columns"`
	}
	base.House = &d.House
	if err := readYAML("house.yaml", &base); err != nil {
		return nil, err
	}
	d.Voices, d.Sections, d.Columns = base.Voices, base.Sections, base.Columns

	lists := []struct {
		file string
		into any
	}{
		{"pictures/pictures.yaml", &d.Pictures},
		{"people/contacts.yaml", &d.Contacts},
		{"people/comments.yaml", &d.Comments},
		{"people/requests.yaml", &d.Requests},
		{"people/mandates.yaml", &d.Mandates},
	}
	for _, l := range lists {
		if err := readYAML(l.file, l.into); err != nil {
			return nil, err
		}
	}
	if err := d.readPosts(); err != nil {
		return nil, err
	}
	if err := d.readPictures(); err != nil {
		return nil, err
	}
	d.nameCommenters()
	if err := d.check(); err != nil {
		return nil, err
	}
	return d, nil
}

// readPosts reads every file under posts: a Markdown file is one post with front matter, a YAML file a list of notes.
func (d *Data) readPosts() error {
	return fs.WalkDir(files, "posts", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		if path.Ext(name) == ".yaml" {
			var notes []Post
			if err := readYAML(name, &notes); err != nil {
				return err
			}
			d.Posts = append(d.Posts, notes...)
			return nil
		}
		p, err := readPost(name)
		if err != nil {
			return err
		}
		d.Posts = append(d.Posts, p)
		return nil
	})
}

func readPost(name string) (Post, error) {
	text, err := files.ReadFile(name)
	if err != nil {
		return Post{}, fmt.Errorf("sample: %w", err)
	}
	rest, ok := bytes.CutPrefix(text, []byte("---\n"))
	front, body, found := bytes.Cut(rest, []byte("\n---\n"))
	if !ok || !found {
		return Post{}, fmt.Errorf("sample: %s: no front matter", name)
	}
	var p Post
	if err := decodeYAML(front, &p); err != nil {
		return Post{}, fmt.Errorf("sample: %s: %w", name, err)
	}
	p.Body = strings.TrimSpace(string(body)) + "\n"
	return p, nil
}

func (d *Data) readPictures() error {
	for i := range d.Pictures {
		b, err := files.ReadFile("pictures/" + d.Pictures[i].File)
		if err != nil {
			return fmt.Errorf("sample: picture %s: %w", d.Pictures[i].Key, err)
		}
		d.Pictures[i].JPEG = b
	}
	return nil
}

// nameCommenters copies name and address from the contact or the voice that speaks.
func (d *Data) nameCommenters() {
	contacts := map[string]Contact{}
	for _, c := range d.Contacts {
		contacts[c.Key] = c
	}
	voices := map[string]Voice{}
	for _, v := range d.Voices {
		voices[v.Key] = v
	}
	for i := range d.Comments {
		c := &d.Comments[i]
		if p, ok := contacts[c.Contact]; ok {
			c.Name, c.Email = p.Name, p.Email
		}
		if v, ok := voices[c.Voice]; ok {
			c.Name, c.Email = v.Name, v.Email
		}
	}
}

func readYAML(name string, into any) error {
	b, err := files.ReadFile(name)
	if err != nil {
		return fmt.Errorf("sample: %w", err)
	}
	if err := decodeYAML(b, into); err != nil {
		return fmt.Errorf("sample: %s: %w", name, err)
	}
	return nil
}

func decodeYAML(b []byte, into any) error {
	if len(bytes.TrimSpace(b)) == 0 {
		return errors.New("nothing in it")
	}
	dec := yaml.NewDecoder(bytes.NewReader(b))
	dec.KnownFields(true)
	return dec.Decode(into)
}
