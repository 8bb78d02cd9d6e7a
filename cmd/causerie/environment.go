package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

const prefix = "CAUSERIE_"

// ours returns the variables of an environment, as os.Environ gives it, that are this program's.
func ours(environ []string) map[string]string {
	env := map[string]string{}
	for _, line := range environ {
		if name, value, ok := strings.Cut(line, "="); ok && strings.HasPrefix(name, prefix) {
			env[name] = value
		}
	}
	return env
}

// variableOf returns the twin of a flag in the environment.
func variableOf(flag *kong.Flag) string {
	return prefix + strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_"))
}

// environment lets CAUSERIE_TRUSTED_PROXIES stand for --trusted-proxies, and so on for every flag.
func environment(env map[string]string) kong.Resolver {
	return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		if v := env[variableOf(flag)]; v != "" {
			return v, nil
		}
		return nil, nil
	})
}

// misspelt tells of each variable of ours that stands for no flag, naming the one that was meant.
func misspelt(parser *kong.Kong, env map[string]string) (told []string) {
	known := map[string]bool{}
	for _, leaf := range parser.Model.Leaves(true) {
		for _, group := range leaf.AllFlags(false) {
			for _, flag := range group {
				known[variableOf(flag)] = true
			}
		}
	}
	for name := range env {
		if known[name] || strings.HasPrefix(name, prefix+"TEST_") {
			continue
		}
		nearest, far := "", 1+(len(name)-len(prefix))/3
		for other := range known {
			if d := distance(name, other); d < far || d == far && nearest != "" && other < nearest {
				nearest, far = other, d
			}
		}
		said := fmt.Sprintf("%s in the environment stands for no option and is ignored", name)
		if nearest != "" {
			said += ": is it " + nearest + "?"
		}
		told = append(told, said)
	}
	slices.Sort(told)
	return told
}

// distance is how many letters are to be changed, added or removed to make a into b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := before
			if a[i] != b[j] {
				change++
			}
			before = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
