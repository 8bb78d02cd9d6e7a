package picture

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image/gif"
)

// Bounds of an animation; one that is larger stands still.
const (
	maxFrames  = 2000
	maxMoving  = 50_000_000 // pixels of all frames together, a byte each
	widestGIF  = 1600       // as wide as a page shows anything
	leastDelay = 2          // hundredths of a second: browsers take less for ten
)

// moving returns a GIF that moves, written anew with its frames and their times and nothing else that was in the file; nil when it
// has one frame, or is stilled, since it has more of them than the bounds allow.
func moving(raw []byte) (clean []byte, stilled bool, err error) {
	if frames, pixels := countFrames(raw); frames < 2 || frames > maxFrames || pixels > maxMoving {
		return nil, frames > 1, nil
	}
	g, err := gif.DecodeAll(bytes.NewReader(raw))
	if err != nil {
		return nil, false, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if g.Config.Width > widestGIF {
		return nil, true, nil
	}
	for i, d := range g.Delay {
		g.Delay[i] = max(d, leastDelay)
	}
	var out bytes.Buffer
	if err := gif.EncodeAll(&out, g); err != nil {
		return nil, false, fmt.Errorf("picture: encode: %w", err)
	}
	return out.Bytes(), false, nil
}

// movingPNG returns a PNG that moves, with the chunks that say how and none of the others (PNG, third edition, 11); nil for one that stands
// still, or is stilled, since it has more frames or pixels than the bounds allow.
func movingPNG(raw []byte) (clean []byte, stilled bool) {
	const signature, head, tail = 8, 8, 4
	out := bytes.NewBuffer(raw[:signature:signature])
	var frames int64
	var pixels int64
	for at := signature; at+head+tail <= len(raw); {
		n := int64(binary.BigEndian.Uint32(raw[at:]))
		if n > int64(len(raw)-at-head-tail) {
			return nil, false
		}
		end := at + head + int(n) + tail
		body := raw[at+head : end-tail]
		switch name := string(raw[at+4 : at+head]); name {
		case "fcTL":
			if len(body) != 26 || crc32.ChecksumIEEE(raw[at+4:end-tail]) != binary.BigEndian.Uint32(raw[end-tail:]) {
				return nil, false
			}
			frames++
			pixels += int64(binary.BigEndian.Uint32(body[4:])) * int64(binary.BigEndian.Uint32(body[8:]))
			if frames > maxFrames || pixels > maxMoving || pixels < 0 {
				return nil, true
			}
			out.Write(raw[at:end])
		case "IHDR", "PLTE", "tRNS", "acTL", "IDAT", "fdAT", "IEND", "iCCP", "sRGB", "gAMA", "cHRM":
			out.Write(raw[at:end])
		}
		at = end
	}
	if frames < 2 || !bytes.Contains(raw, []byte("acTL")) {
		return nil, false
	}
	if binary.BigEndian.Uint32(raw[16:]) > widestGIF {
		return nil, true
	}
	return out.Bytes(), false
}

// countFrames walks the blocks of a GIF (GIF89a, section 11) without unpacking any, and returns how many frames are declared and how
// many pixels they have together. It ends at what is malformed, which the decoder then finds too.
func countFrames(raw []byte) (frames int, pixels int64) {
	table := func(flags byte) int { // of colours
		if flags&0x80 == 0 {
			return 0
		}
		return 3 << (flags&7 + 1)
	}
	const screen = 13
	if len(raw) < screen {
		return 0, 0
	}
	at := screen + table(raw[10])
	blocks := func() { // of data, each with its length, until an empty one
		for at < len(raw) && raw[at] != 0 {
			at += 1 + int(raw[at])
		}
		at++
	}
	for at < len(raw) && frames <= maxFrames {
		switch raw[at] {
		case 0x21: // an extension
			at += 2
			blocks()
		case 0x2c: // a frame
			if at+10 >= len(raw) {
				return frames, pixels
			}
			w, h := int64(raw[at+5])|int64(raw[at+6])<<8, int64(raw[at+7])|int64(raw[at+8])<<8
			frames, pixels = frames+1, pixels+w*h
			at += 10 + table(raw[at+9]) + 1 // and the size of codes
			blocks()
		default:
			return frames, pixels
		}
	}
	return frames, pixels
}
