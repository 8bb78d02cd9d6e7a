//go:build unix

package main

import (
	"os"
	"os/signal"
	"syscall"
)

// ending are the signals that would end the program, and that it may hear before.
var ending = []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGABRT, syscall.SIGALRM,
	syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGVTALRM, syscall.SIGXCPU}

// outlive lets the program go on when nobody reads any more what it says.
func outlive() { signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) }
