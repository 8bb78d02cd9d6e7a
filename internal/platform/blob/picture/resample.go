package picture

import "image"

// resample scales the part from of src to w by h by cubic convolution (Keys 1981, a = -1/2), which draws what is reduced less
// than twice sharply and without rings. It holds the few lines that one line of the result is made of, and no more: the
// scalers of x/image keep all of them, which for a high picture is half a gigabyte.
func resample(src *image.RGBA, from image.Rectangle, w, h int) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	across, down := taps(from.Dx(), w), taps(from.Dy(), h)
	lines := map[int][]float32{} // of src, already w wide
	var free [][]float32
	sum := make([]float32, 4*w)
	for y := range h {
		for at, line := range lines {
			if at < down[y].first {
				free = append(free, line)
				delete(lines, at)
			}
		}
		clear(sum)
		for i, weight := range down[y].weights {
			at := down[y].first + i
			line := lines[at]
			if line == nil {
				if n := len(free); n > 0 {
					line, free = free[n-1], free[:n-1]
				} else {
					line = make([]float32, 4*w)
				}
				squeeze(line, src.Pix[src.PixOffset(from.Min.X, from.Min.Y+at):], across)
				lines[at] = line
			}
			for x, v := range line {
				sum[x] += weight * v
			}
		}
		row := out.Pix[y*out.Stride:][:4*w]
		for x := 0; x < len(row); x += 4 {
			alpha := bounded(sum[x+3], 255)
			row[x], row[x+1], row[x+2], row[x+3] = bounded(sum[x], alpha), bounded(sum[x+1], alpha), bounded(sum[x+2], alpha), alpha
		}
	}
	return out
}

// squeeze makes one line as wide as there are taps.
func squeeze(line []float32, pix []uint8, across []tap) {
	for x, t := range across {
		var r, g, b, a float32
		for i, weight := range t.weights {
			p := pix[4*(t.first+i):][:4]
			r, g, b, a = r+weight*float32(p[0]), g+weight*float32(p[1]), b+weight*float32(p[2]), a+weight*float32(p[3])
		}
		l := line[4*x:][:4]
		l[0], l[1], l[2], l[3] = r, g, b, a
	}
}

// bounded rounds v into 0 to most: colours are premultiplied, so none is more than what it covers.
func bounded(v float32, most uint8) uint8 {
	switch {
	case v <= 0:
		return 0
	case v+0.5 >= float32(most):
		return most
	}
	return uint8(v + 0.5)
}

// tap is what one pixel of the result is made of: so many of the source, from the first.
type tap struct {
	first   int
	weights []float32
}

// taps returns those of a line of from pixels that becomes one of to.
func taps(from, to int) []tap {
	scale := float64(from) / float64(to)
	reach := 2 * max(scale, 1)
	all := make([]tap, to)
	for i := range all {
		centre := (float64(i)+0.5)*scale - 0.5
		first, last := max(int(centre-reach)+1, 0), min(int(centre+reach), from-1)
		t := tap{first: first}
		sum := 0.0
		for at := first; at <= last; at++ {
			weight := cubic((float64(at) - centre) / max(scale, 1))
			sum += weight
			t.weights = append(t.weights, float32(weight))
		}
		for j := range t.weights {
			t.weights[j] /= float32(sum)
		}
		all[i] = t
	}
	return all
}

func cubic(t float64) float64 {
	t = max(t, -t)
	switch {
	case t < 1:
		return (1.5*t-2.5)*t*t + 1
	case t < 2:
		return ((-0.5*t+2.5)*t-4)*t + 2
	}
	return 0
}
