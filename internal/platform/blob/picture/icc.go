package picture

import (
	"encoding/binary"
	"image"
	"math"
)

// profile is a colour space of three components, by a curve for each and a matrix (ICC.1:2010, 8.3.3): what cameras, telephones and
// screens have. A profile of tables, of greys or of inks is not read, and its pixels are left as they are.
type profile struct {
	linear [3][256]float32 // light of a component by its value, 0 to 1
	toSRGB [3][3]float32   // linear sRGB of linear components
}

// xyzToSRGB brings XYZ under the white D50 of profiles to linear sRGB (IEC 61966-2-1, adapted by Bradford).
var xyzToSRGB = [3][3]float64{
	{3.1338561, -1.6168667, -0.4906146},
	{-0.9787684, 1.9161415, 0.0334540},
	{0.0719453, -0.2289914, 1.4052427},
}

// readProfile reads what profileOf found; false when it is none that apply can use, or nothing but sRGB.
func readProfile(b []byte) (p profile, ok bool) {
	const header = 128
	if len(b) < header+4 || string(b[16:20]) != "RGB " || string(b[20:24]) != "XYZ " || string(b[36:40]) != "acsp" {
		return p, false
	}
	tags := map[string][]byte{}
	for n := range min(int(binary.BigEndian.Uint32(b[header:])), 100) {
		entry := header + 4 + 12*n
		if entry+12 > len(b) {
			return p, false
		}
		at, size := int64(binary.BigEndian.Uint32(b[entry+4:])), int64(binary.BigEndian.Uint32(b[entry+8:]))
		if at+size > int64(len(b)) {
			return p, false
		}
		tags[string(b[entry:entry+4])] = b[at : at+size]
	}
	var columns [3][3]float64
	for i, c := range []string{"r", "g", "b"} {
		if columns[i], ok = readXYZ(tags[c+"XYZ"]); !ok {
			return p, false
		}
		curve, ok := readCurve(tags[c+"TRC"])
		if !ok {
			return p, false
		}
		for v := range p.linear[i] {
			p.linear[i][v] = float32(within01(curve(float64(v) / 255)))
		}
	}
	for row := range 3 {
		for i := range 3 {
			var sum float64
			for k := range 3 {
				sum += xyzToSRGB[row][k] * columns[i][k]
			}
			p.toSRGB[row][i] = float32(sum)
		}
	}
	return p, !p.isSRGB()
}

// readXYZ reads the first of an XYZType (10.31).
func readXYZ(tag []byte) (xyz [3]float64, ok bool) {
	if len(tag) < 20 || string(tag[:4]) != "XYZ " {
		return xyz, false
	}
	for i := range xyz {
		xyz[i] = fixed(tag[8+4*i:])
	}
	return xyz, true
}

// readCurve reads a curveType (10.6) or a parametricCurveType (10.18): the light of a value, both 0 to 1.
func readCurve(tag []byte) (curve func(x float64) float64, ok bool) {
	if len(tag) < 12 {
		return nil, false
	}
	switch string(tag[:4]) {
	case "curv":
		n := int64(binary.BigEndian.Uint32(tag[8:]))
		values := tag[12:]
		switch {
		case n == 0:
			return func(x float64) float64 { return x }, true
		case 2*n > int64(len(values)):
			return nil, false
		case n == 1:
			gamma := float64(binary.BigEndian.Uint16(values)) / 256
			return func(x float64) float64 { return math.Pow(x, gamma) }, true
		}
		at := func(i int64) float64 { return float64(binary.BigEndian.Uint16(values[2*i:])) / 65535 }
		return func(x float64) float64 {
			below, part := math.Modf(x * float64(n-1))
			i := int64(below)
			return at(i)*(1-part) + at(min(i+1, n-1))*part
		}, true
	case "para":
		return readParametric(binary.BigEndian.Uint16(tag[8:]), tag[12:])
	}
	return nil, false
}

// readParametric reads one of the five functions of table 65: a power above d, a line below.
func readParametric(kind uint16, b []byte) (func(x float64) float64, bool) {
	counts := []int{1, 3, 4, 5, 7}
	if int(kind) >= len(counts) || len(b) < 4*counts[kind] {
		return nil, false
	}
	var v [7]float64
	for i := range counts[kind] {
		v[i] = fixed(b[4*i:])
	}
	g, a, c0, c, d, e, f := v[0], v[1], v[2], v[3], v[4], v[5], v[6] // in the order of the standard: g a b c d e f
	switch kind {
	case 0:
		a, c0, c, d, e, f = 1, 0, 0, 0, 0, 0
	case 1:
		c, d, e, f = 0, cut(a, c0), 0, 0
	case 2:
		c, d, e, f = 0, cut(a, c0), c, c
	case 3:
		e, f = 0, 0
	}
	return func(x float64) float64 {
		if x >= d {
			return math.Pow(max(a*x+c0, 0), g) + e
		}
		return c*x + f
	}, true
}

// cut is where ax+b passes zero.
func cut(a, b float64) float64 {
	if a == 0 {
		return 0
	}
	return -b / a
}

// fixed reads an s15Fixed16Number (4.6).
func fixed(b []byte) float64 { return float64(int32(binary.BigEndian.Uint32(b))) / 65536 }

// within01 is x within 0 and 1; what is no number is 0.
func within01(x float64) float64 {
	if !(x > 0) {
		return 0
	}
	return min(x, 1)
}

// encoded is the value in sRGB of a light, in 4,096 steps (IEC 61966-2-1).
var encoded = func() (table [4097]uint8) {
	for i := range table {
		x := float64(i) / 4096
		if x <= 0.0031308 {
			x *= 12.92
		} else {
			x = 1.055*math.Pow(x, 1/2.4) - 0.055
		}
		table[i] = uint8(x*255 + 0.5)
	}
	return table
}()

// convert brings one colour to sRGB; what sRGB cannot show is its nearest by component.
func (p *profile) convert(r, g, b uint8) (uint8, uint8, uint8) {
	x, y, z := p.linear[0][r], p.linear[1][g], p.linear[2][b]
	var out [3]uint8
	for i, m := range p.toSRGB {
		light := m[0]*x + m[1]*y + m[2]*z
		out[i] = encoded[int(min(max(light, 0), 1)*4096+0.5)]
	}
	return out[0], out[1], out[2]
}

// isSRGB reports whether p changes no colour by more than a step or two.
func (p *profile) isSRGB() bool {
	far := func(a, b uint8) bool { return a > b+2 || b > a+2 }
	for r := 0; r < 256; r += 51 {
		for g := 0; g < 256; g += 51 {
			for b := 0; b < 256; b += 51 {
				x, y, z := p.convert(uint8(r), uint8(g), uint8(b))
				if far(x, uint8(r)) || far(y, uint8(g)) || far(z, uint8(b)) {
					return false
				}
			}
		}
	}
	return true
}

// apply brings img to sRGB, in place. What is half transparent is multiplied by how much it shows, before and after.
func (p *profile) apply(img *image.RGBA) {
	var last, made [3]uint8
	known := false
	for y := range img.Rect.Dy() {
		line := img.Pix[y*img.Stride:][:4*img.Rect.Dx()]
		for i := 0; i < len(line); i += 4 {
			c := line[i : i+4 : i+4]
			alpha := uint32(c[3])
			if alpha == 0 {
				continue
			}
			now := [3]uint8{c[0], c[1], c[2]}
			if alpha != 255 {
				for k := range now {
					now[k] = uint8(min((uint32(now[k])*255+alpha/2)/alpha, 255))
				}
			}
			if !known || now != last { // planes of one colour are common
				made[0], made[1], made[2] = p.convert(now[0], now[1], now[2])
				last, known = now, true
			}
			for k := range made {
				c[k] = uint8((uint32(made[k])*alpha + 127) / 255)
			}
		}
	}
}
