package main

import "errors"

type importCmd struct{}

func (importCmd) Run(*console) error { return errors.New("x") }
