// Command bundle makes of the editor's source what the browser gets: static/write.js and static/rich.js, with the licences of what is in
// them. It is run by go generate ./internal/assets and needs npm, once, for the packages that package-lock.json names.
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: bundle SOURCE STATIC")
	}
	if err := bundle(os.Args[1], os.Args[2]); err != nil {
		log.Fatal("bundle: ", err)
	}
}

// entries are the scripts that are made, by the name of their source without .js.
var entries = []string{"write", "rich"}

func bundle(source, static string) error {
	if _, err := os.Stat(filepath.Join(source, "node_modules")); err != nil {
		npm := exec.Command("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
		npm.Dir, npm.Stdout, npm.Stderr = source, os.Stderr, os.Stderr
		if err := npm.Run(); err != nil {
			return fmt.Errorf("npm ci: %w", err)
		}
	}
	sum, err := Sum(source)
	if err != nil {
		return err
	}
	packages := map[string]bool{}
	for _, name := range entries {
		r := api.Build(api.BuildOptions{
			EntryPoints: []string{filepath.Join(source, "src", name+".js")}, Bundle: true, Format: api.FormatESModule, Target: api.ES2020,
			MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true, LegalComments: api.LegalCommentsNone, Metafile: true,
			Define: map[string]string{"process.env.NODE_ENV": `"production"`},
			Banner: map[string]string{"js": "/* made of internal/assets/editor by go generate; source sha256:" + sum + "; licences: editor-licences.txt */"},
		})
		if len(r.Errors) > 0 {
			return fmt.Errorf("%s", strings.Join(api.FormatMessages(r.Errors, api.FormatMessagesOptions{}), ""))
		}
		for _, line := range strings.Split(r.Metafile, "\"") {
			if i := strings.LastIndex(line, "node_modules/"); i >= 0 {
				parts := strings.Split(line[i+len("node_modules/"):], "/")
				n := 1
				if strings.HasPrefix(parts[0], "@") {
					n = 2
				}
				packages[filepath.Join(line[:i], "node_modules", filepath.Join(parts[:min(n, len(parts))]...))] = true
			}
		}
		if err := os.WriteFile(filepath.Join(static, name+".js"), r.OutputFiles[0].Contents, 0o644); err != nil {
			return err
		}
	}
	return licences(packages, filepath.Join(static, "editor-licences.txt"))
}

// Sum is the hash of all that the scripts are made of, so that a test sees when they are older than their source.
func Sum(source string) (string, error) {
	names, err := filepath.Glob(filepath.Join(source, "src", "*.js"))
	if err != nil {
		return "", err
	}
	names = append(names, filepath.Join(source, "package-lock.json"))
	slices.Sort(names)
	h := sha256.New()
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(h, "%s %d\n%s", filepath.Base(name), len(b), b)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// licences gathers the texts of the licences, each with the packages that are under it.
func licences(packages map[string]bool, to string) error {
	under := map[string][]string{}
	for dir := range packages {
		name := strings.TrimPrefix(dir[strings.LastIndex(dir, "node_modules/"):], "node_modules/")
		found, _ := filepath.Glob(filepath.Join(dir, "[Ll][Ii][Cc][Ee][Nn][CcSs][Ee]*"))
		text := "MIT"
		if len(found) > 0 {
			b, err := os.ReadFile(found[0])
			if err != nil {
				return err
			}
			text = strings.TrimSpace(strings.ReplaceAll(string(b), "\r\n", "\n"))
		}
		under[text] = append(under[text], name)
	}
	var parts []string
	for text, names := range under {
		slices.Sort(names)
		parts = append(parts, strings.Join(slices.Compact(names), ", ")+"\n\n"+text)
	}
	slices.Sort(parts)
	return os.WriteFile(to, []byte(strings.Join(parts, "\n\n----\n\n")+"\n"), 0o644)
}
