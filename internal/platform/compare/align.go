package compare

// Bounds of align: the cells of a table of the longest common part, and how often a part is cut at words that stand in it once.
const (
	maxCells = 1 << 20
	maxDepth = 24
)

// pair says that a[i] is b[j].
type pair struct{ i, j int }

// align returns what two sequences have in common, in order: the longest common part where that is cheap, else a good one.
// Its cost grows with the length of both, never with their product beyond maxCells for each part.
func align(a, b []int) []pair {
	al := aligner{a: a, b: b}
	al.part(0, len(a), 0, len(b), maxDepth)
	return al.out
}

type aligner struct {
	a, b []int
	out  []pair
}

func (al *aligner) part(a0, a1, b0, b1, depth int) {
	for a0 < a1 && b0 < b1 && al.a[a0] == al.b[b0] {
		al.out = append(al.out, pair{a0, b0})
		a0, b0 = a0+1, b0+1
	}
	tail := 0
	for a0 < a1-tail && b0 < b1-tail && al.a[a1-1-tail] == al.b[b1-1-tail] {
		tail++
	}
	a1, b1 = a1-tail, b1-tail
	if a0 < a1 && b0 < b1 {
		al.middle(a0, a1, b0, b1, depth)
	}
	for k := range tail {
		al.out = append(al.out, pair{a1 + k, b1 + k})
	}
}

// middle aligns what begins and ends otherwise: between the words that stand once on both sides, or by a table.
func (al *aligner) middle(a0, a1, b0, b1, depth int) {
	if (a1-a0)*(b1-b0) <= maxCells {
		al.table(a0, a1, b0, b1)
		return
	}
	if depth == 0 {
		return
	}
	anchors := al.anchors(a0, a1, b0, b1)
	if len(anchors) == 0 {
		return
	}
	for _, p := range anchors {
		al.part(a0, p.i, b0, p.j, depth-1)
		al.out = append(al.out, p)
		a0, b0 = p.i+1, p.j+1
	}
	al.part(a0, a1, b0, b1, depth-1)
}

// anchors are the words that stand once on both sides, as many as keep their order.
func (al *aligner) anchors(a0, a1, b0, b1 int) []pair {
	type seen struct{ inA, inB, i, j int }
	found := map[int]seen{}
	for i := a0; i < a1; i++ {
		s := found[al.a[i]]
		s.inA, s.i = s.inA+1, i
		found[al.a[i]] = s
	}
	for j := b0; j < b1; j++ {
		s := found[al.b[j]]
		s.inB, s.j = s.inB+1, j
		found[al.b[j]] = s
	}
	var once []pair
	for i := a0; i < a1; i++ {
		if s := found[al.a[i]]; s.inA == 1 && s.inB == 1 {
			once = append(once, pair{i, s.j})
		}
	}
	return rising(once)
}

// rising returns the longest part of pairs, which rise in i, that rises in j too.
func rising(pairs []pair) []pair {
	var ends []int // ends[n] is the pair with the lowest j that ends a run of n+1
	before := make([]int, len(pairs))
	for k, p := range pairs {
		lo, hi := 0, len(ends)
		for lo < hi {
			if mid := (lo + hi) / 2; pairs[ends[mid]].j < p.j {
				lo = mid + 1
			} else {
				hi = mid
			}
		}
		before[k] = -1
		if lo > 0 {
			before[k] = ends[lo-1]
		}
		if lo == len(ends) {
			ends = append(ends, k)
		} else {
			ends[lo] = k
		}
	}
	out := make([]pair, len(ends))
	if len(ends) == 0 {
		return nil
	}
	for n, k := len(ends)-1, ends[len(ends)-1]; n >= 0; n, k = n-1, before[k] {
		out[n] = pairs[k]
	}
	return out
}

// table finds the longest common part by the table of all the longest ones.
func (al *aligner) table(a0, a1, b0, b1 int) {
	n, m := a1-a0, b1-b0
	long := make([]int32, (n+1)*(m+1)) // long[i][j]: of a[i:] and b[j:]
	at := func(i, j int) int { return i*(m+1) + j }
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			if al.a[a0+i] == al.b[b0+j] {
				long[at(i, j)] = long[at(i+1, j+1)] + 1
			} else {
				long[at(i, j)] = max(long[at(i+1, j)], long[at(i, j+1)])
			}
		}
	}
	for i, j := 0, 0; i < n && j < m; {
		switch {
		case al.a[a0+i] == al.b[b0+j]:
			al.out = append(al.out, pair{a0 + i, b0 + j})
			i, j = i+1, j+1
		case long[at(i+1, j)] >= long[at(i, j+1)]:
			i++
		default:
			j++
		}
	}
}

// numbered gives equal keys of both sequences equal numbers.
func numbered[T any](a, b []T, key func(T) string) (na, nb []int) {
	known := map[string]int{}
	number := func(all []T) []int {
		out := make([]int, len(all))
		for i, one := range all {
			k := key(one)
			n, ok := known[k]
			if !ok {
				n = len(known)
				known[k] = n
			}
			out[i] = n
		}
		return out
	}
	return number(a), number(b)
}
