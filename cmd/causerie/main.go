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
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.LookupEnv, os.Stdin, os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "causerie: "+sentence(err))
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
}

// cli is every command, in the order in which people meet them.
type cli struct {
	Demo    demoCmd    `cmd:"" help:"Show a fictional house in a temporary directory; mail is caught."`
	Setup   setupCmd   `cmd:"" help:"Make a house, its owner, a first voice and a draft."`
	Serve   serveCmd   `cmd:"" help:"Serve the house."`
	Import  importCmd  `cmd:"" help:"Bring in what another program wrote."`
	Post    postCmd    `cmd:"" help:"Write or publish a Markdown file."`
	User    userCmd    `cmd:"" help:"Who may sign in."`
	Token   tokenCmd   `cmd:"" help:"Bearers for the JSON API."`
	Backup  backupCmd  `cmd:"" help:"Write the whole house into one file, while it is served."`
	Move    moveCmd    `cmd:"" help:"Carry the house to another database, counted and compared."`
	Restore restoreCmd `cmd:"" help:"Read a backup into an empty directory or database."`
	Doctor  doctorCmd  `cmd:"" help:"Say what is well and what is not."`
	Rebuild rebuildCmd `cmd:"" help:"Fill a read model again from the rows."`
	Version versionCmd `cmd:"" help:"Say which version this is."`
}

// run reads args and does what they say. Nothing else in this command touches the process: env looks a variable up, and
// in, out and errout are what the command reads and writes.
func run(ctx context.Context, args []string, env func(string) (string, bool), in io.Reader, out, errout io.Writer) error {
	var c cli
	exit := false
	parser, err := kong.New(&c,
		kong.Name("causerie"),
		kong.Description("A medium of one's own: speak, be answered, answer, do business."),
		kong.Writers(out, errout),
		kong.Exit(func(int) { exit = true }), // --help has been shown
		kong.Bind(&console{ctx, in, out, errout}),
		kong.Resolvers(environment(env)),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
	)
	if err != nil {
		return err
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
	return command.Run()
}
