package main

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	fenced   = regexp.MustCompile("(?ms)^```[a-z]*\n(.*?)^```")
	spans    = regexp.MustCompile("`([^`\n]+)`")
	date     = regexp.MustCompile(`\$+\(date [^)]*\)`)
	newest   = regexp.MustCompile(`"\$\(sudo sh [^)]*\)"`)
	variable = regexp.MustCompile(`\bCAUSERIE_[A-Z_]+\b`)
	flagSpan = regexp.MustCompile("^--[a-z-]+")
	word     = regexp.MustCompile(`(?:[^\s"']|"[^"]*"|'[^']*')+`)
)

// commandLines returns the command lines of the program in a text, as lists of words without the program itself.
func commandLines(text string) (all [][]string) {
	text = strings.ReplaceAll(text, "\\\n", " ")
	for line := range strings.Lines(text) {
		for _, part := range regexp.MustCompile(`&&|\||;`).Split(newest.ReplaceAllString(date.ReplaceAllString(line, "D"), "FILE.zip"), -1) {
			part, _, _ = strings.Cut(part, " #")
			list := word.FindAllString(part, -1)
			for i, w := range list {
				w = strings.Trim(w, `'"`)
				if (w == "causerie" || w == "./causerie" || w == "/usr/local/bin/causerie" || w == "ExecStart=/usr/local/bin/causerie" || w == "./cmd/causerie") && runs(list[:i]) {
					var args []string
					for _, a := range list[i+1:] {
						if a = strings.Trim(a, `'"`); a == "" || strings.HasPrefix(a, ">") {
							break
						}
						args = append(args, a)
					}
					all = append(all, args)
					break
				}
			}
		}
	}
	return all
}

// runs reports whether a word that follows before is a program that is run.
func runs(before []string) bool {
	for _, w := range before {
		switch strings.Trim(w, `'"`) {
		case "sudo", "-u", "causerie", "go", "run", "ExecStart=/bin/sh", "-c", "-v", "30", "3", "*":
		default:
			return false
		}
	}
	return len(before) == 0 || before[len(before)-1] != "-u"
}

// Every command line, option and variable of the guide and of README is one that the program understands.
func TestTheGuideSaysWhatTheProgramUnderstands(t *testing.T) {
	t.Parallel()
	c := &console{ctx: t.Context(), out: io.Discard, err: io.Discard}
	parser, err := c.parser(&cli{}, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	flags := map[string]bool{"--help": true}
	known := map[string]bool{}
	for _, leaf := range parser.Model.Leaves(true) {
		for _, group := range leaf.AllFlags(false) {
			for _, f := range group {
				flags["--"+f.Name], known[variableOf(f)] = true, true
			}
		}
	}
	archive := filepath.Join(t.TempDir(), "house.zip")
	if err := os.WriteFile(archive, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	pages, err := filepath.Glob("../../docs/guide/*/*.md")
	if err != nil || len(pages) < 16 {
		t.Fatalf("only %d pages, %v", len(pages), err)
	}
	tried := 0
	for _, page := range append(pages, "../../README.md") {
		b, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		text := string(b)
		var all [][]string
		for _, m := range fenced.FindAllStringSubmatch(text, -1) {
			all = append(all, commandLines(m[1])...)
		}
		if strings.HasSuffix(page, "README.md") {
			all = append(all, commandLines(text)...)
		}
		for _, m := range spans.FindAllStringSubmatch(fenced.ReplaceAllString(text, ""), -1) {
			if !strings.Contains(m[1], "…") && strings.Count(m[1], " ") > 1 {
				all = append(all, commandLines(m[1])...)
			}
			if flag := flagSpan.FindString(m[1]); flag != "" && !flags[flag] {
				t.Errorf("%s: the program has no option %s", page, flag)
			}
		}
		for _, args := range all {
			if len(args) == 0 {
				continue
			}
			line := strings.Join(args, " ")
			if args[0] == "restore" {
				for i := range args {
					if strings.HasSuffix(args[i], ".zip") {
						args[i] = archive
					}
				}
			}
			fresh, err := c.parser(&cli{}, func(int) {})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := fresh.Parse(args); err != nil {
				t.Errorf("%s: causerie %s: %v", page, line, err)
			}
			tried++
		}
		for _, name := range variable.FindAllString(text, -1) {
			if !known[name] {
				t.Errorf("%s: no option has the variable %s", page, name)
			}
		}
	}
	if tried < 60 {
		t.Errorf("only %d command lines were found", tried)
	}
	t.Logf("%d command lines", tried)
}
