package app_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// slow are the functions that may take a second: a text is rendered, a picture decoded.
var slow = map[string]bool{"text.Render": true, "text.RenderContext": true, "text.Plain": true, "text.Sanitize": true,
	"picture.Decode": true, "htmlmd.Convert": true}

// alone are the packages whose transactions keep everybody out of a house in which nobody lives yet.
var alone = map[string]bool{"../transfer/archive": true}

// There is one writer, and whoever waits for it waits for what is done in its transactions. So what is slow is done before
// one: no function that gets a transaction calls what is slow, nor a function of its package that does.
func TestNothingSlowIsDoneInATransaction(t *testing.T) {
	packages := map[string][]*ast.File{}
	files := token.NewFileSet()
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "platform/text/") {
			return err
		}
		f, err := parser.ParseFile(files, path, nil, 0)
		packages[filepath.Dir(path)] = append(packages[filepath.Dir(path)], f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for folder, all := range packages {
		if alone[folder] {
			continue
		}
		within := map[string]bool{} // the slow functions of this package, by name
		for grew := true; grew; {
			grew = false
			for _, f := range all {
				for _, d := range f.Decls {
					fn, ok := d.(*ast.FuncDecl)
					if ok && fn.Body != nil && !within[fn.Name.Name] && callOf(fn.Body, within) != "" {
						within[fn.Name.Name], grew = true, true
					}
				}
			}
		}
		for _, f := range all {
			ast.Inspect(f, func(n ast.Node) bool {
				var kind *ast.FuncType
				var body *ast.BlockStmt
				switch fn := n.(type) {
				case *ast.FuncDecl:
					kind, body = fn.Type, fn.Body
				case *ast.FuncLit:
					kind, body = fn.Type, fn.Body
				}
				if kind != nil && body != nil && takesTx(kind) {
					if name := callOf(body, within); name != "" {
						t.Errorf("%s: %s is called in a transaction", files.Position(n.Pos()), name)
					}
				}
				return true
			})
		}
	}
}

// callOf returns what is slow and called in a body, "" for nothing.
func callOf(body *ast.BlockStmt, within map[string]bool) (name string) {
	ast.Inspect(body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		switch fn := call.Fun.(type) {
		case *ast.Ident:
			if within[fn.Name] {
				name = fn.Name
			}
		case *ast.SelectorExpr:
			of, ok := fn.X.(*ast.Ident)
			if ok && slow[of.Name+"."+fn.Sel.Name] {
				name = of.Name + "." + fn.Sel.Name
			}
			if ok && len(of.Name) == 1 && within[fn.Sel.Name] { // a method of a receiver
				name = of.Name + "." + fn.Sel.Name
			}
		}
		return true
	})
	return name
}

func takesTx(fn *ast.FuncType) bool {
	for _, p := range fn.Params.List {
		star, ok := p.Type.(*ast.StarExpr)
		if !ok {
			continue
		}
		if sel, ok := star.X.(*ast.SelectorExpr); ok && sel.Sel.Name == "Tx" {
			if of, ok := sel.X.(*ast.Ident); ok && of.Name == "db" {
				return true
			}
		}
	}
	return false
}
