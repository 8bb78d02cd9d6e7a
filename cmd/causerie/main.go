// Command causerie is the whole program: the server, and the tools of whoever runs it.
//
//	causerie demo      a fictional house, to look at
//	causerie setup     make a house
//	causerie serve     serve it
//
// A flag wins over its CAUSERIE_* twin in the environment, which wins over what the house keeps in its database. The exit
// status is 0 when it was done, 1 when it was refused (with a sentence on standard error), 2 when the command was not
// understood.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"causerie/internal/platform/i18n"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // who asks twice does not want to wait
	hangUps := make(chan os.Signal, 1)
	signal.Notify(hangUps, syscall.SIGHUP)
	c := &console{ctx: ctx, in: os.Stdin, out: os.Stdout, err: os.Stderr, env: ours(os.Environ()), hangUps: hangUps, lang: i18n.En}
	err := c.run(os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "causerie: "+sentence(err, c.lang))
	}
	os.Exit(status(err))
}

// status is what the process exits with after err.
func status(err error) int {
	if err == nil {
		return 0
	}
	if _, usage := errors.AsType[*kong.ParseError](err); usage {
		return 2
	}
	return 1
}

// console is what a command talks through.
type console struct {
	ctx context.Context
	in  io.Reader
	out io.Writer
	err io.Writer

	env     map[string]string // the variables that are ours
	hangUps <-chan os.Signal  // that the terminal went away; nil when nobody tells

	lang i18n.Lang // of what is said to whoever runs the command; English until a command knows better
}

// cli is every command, in the order in which people meet them.
type cli struct {
	Demo    demoCmd    `cmd:"" help:"Run a fictional house in a temporary directory; no e-mail leaves."`
	Setup   setupCmd   `cmd:"" help:"Create a house, its owner, a first voice and a draft."`
	Serve   serveCmd   `cmd:"" help:"Serve the house."`
	Import  importCmd  `cmd:"" help:"Import from another program."`
	Post    postCmd    `cmd:"" help:"Write or publish a Markdown file."`
	Letter  letterCmd  `cmd:"" help:"Send letters."`
	User    userCmd    `cmd:"" help:"Who can sign in."`
	Token   tokenCmd   `cmd:"" help:"Tokens for the JSON API."`
	Backup  backupCmd  `cmd:"" help:"Write the whole house to one file, while it is online."`
	Move    moveCmd    `cmd:"" help:"Move the house to another database, counted and compared."`
	Restore restoreCmd `cmd:"" help:"Restore a backup into an empty directory or database."`
	Doctor  doctorCmd  `cmd:"" help:"Report what is well and what is not."`
	Rebuild rebuildCmd `cmd:"" help:"Rebuild a read model from the rows."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

// parser reads command lines into into.
func (c *console) parser(into *cli, exit func(int)) (*kong.Kong, error) {
	return kong.New(into,
		kong.Name("causerie"),
		kong.Description("A medium of one's own: speak, hear back, reply, do business."),
		kong.Writers(c.out, c.err),
		kong.Exit(exit),
		kong.Bind(c),
		kong.Resolvers(environment(c.env)),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
	)
}

// run reads args and does what they say. What it touches of the process is in c.
func (c *console) run(args []string) error {
	exit := false
	parser, err := c.parser(&cli{}, func(int) { exit = true }) // --help has been shown
	if err != nil {
		return err
	}
	for _, told := range misspelt(parser, c.env) {
		fmt.Fprintln(c.err, "causerie: "+told)
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	command, err := parser.Parse(args)
	if exit {
		return nil
	}
	if err != nil {
		return err
	}
	if command.Command() != "serve" { // which says that it goes on
		ctx, cancel := context.WithCancel(c.ctx)
		defer cancel()
		go func() {
			select {
			case <-c.hangUps:
				cancel()
			case <-ctx.Done():
			}
		}()
		c.ctx = ctx
	}
	return command.Run()
}
