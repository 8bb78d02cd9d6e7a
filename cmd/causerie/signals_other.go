//go:build !unix

package main

import (
	"os"
	"syscall"
)

// ending are the signals that would end the program, and that it may hear before.
var ending = []os.Signal{os.Interrupt, syscall.SIGTERM}

// outlive lets the program go on when nobody reads any more what it says.
func outlive() {}
