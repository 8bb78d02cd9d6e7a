package main

import "errors"

type demoCmd struct{}

func (demoCmd) Run(*console) error { return errors.New("x") }

type importCmd struct{}

func (importCmd) Run(*console) error { return errors.New("x") }
