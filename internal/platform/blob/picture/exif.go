package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"iter"
)

// orientation is the Exif tag of that name: how the camera was held, 1 (upright) to 8.
type orientation int

const upright orientation = 1

// segments gives the marker and the content of each segment of a JPEG (ITU-T T.81, B.1) as the decoder meets them, past filling and
// stray bytes and through the data. It ends at what is malformed.
func segments(raw []byte) iter.Seq2[byte, []byte] {
	return func(yield func(byte, []byte) bool) {
		for at := 2; ; {
			next := bytes.IndexByte(raw[min(at, len(raw)):], 0xff)
			if next < 0 {
				return
			}
			for at += next; at < len(raw) && raw[at] == 0xff; at++ { // filling
			}
			if at+3 > len(raw) {
				return
			}
			marker := raw[at]
			at++
			if marker <= 0x01 || marker >= 0xd0 && marker <= 0xd9 { // data, or no content; more may follow what says that it is the end
				continue
			}
			size := int(binary.BigEndian.Uint16(raw[at:]))
			if size < 2 || at+size > len(raw) || !yield(marker, raw[at+2:at+size]) {
				return
			}
			at += size
		}
	}
}

// scanJPEG returns how the picture is to be turned, how many bits a pixel decoding keeps besides the picture, and in how many scans it
// comes. What is malformed is taken as upright: a picture lying on its side is no reason to refuse it.
func scanJPEG(raw []byte) (turn orientation, extra int64, scans int64) {
	turn = upright
	for marker, segment := range segments(raw) {
		switch marker {
		case 0xc2:
			extra = max(extra, coefficients(segment))
		case 0xda:
			scans++
		case 0xe1:
			if tiff, ok := bytes.CutPrefix(segment, []byte("Exif\x00\x00")); ok && turn == upright {
				turn = readTIFF(tiff)
			}
		}
	}
	return turn, extra, scans
}

// coefficients returns what a progressive picture (T.81, B.2.2) needs until its last scan, in bits a pixel: 32 for
// each sample of each component.
func coefficients(frame []byte) int64 {
	const fullSampling = 3 * 32
	if len(frame) < 6 || len(frame) < 6+3*int(frame[5]) {
		return fullSampling
	}
	var samples, most int64
	for i := range int(frame[5]) {
		sampling := frame[6+3*i+1]
		n := int64(sampling>>4) * int64(sampling&15)
		samples, most = samples+n, max(most, n)
	}
	if most == 0 {
		return fullSampling
	}
	return (32*samples + most - 1) / most
}

// readTIFF finds the tag in the first directory of an Exif block (TIFF 6.0, section 2). It looks at that directory
// only, of at most 65,535 entries in at most 65,535 bytes, and follows no other offset.
func readTIFF(b []byte) orientation {
	if len(b) < 8 {
		return upright
	}
	var order binary.ByteOrder = binary.BigEndian
	if string(b[:2]) == "II" {
		order = binary.LittleEndian
	} else if string(b[:2]) != "MM" {
		return upright
	}
	first := int64(order.Uint32(b[4:]))
	if order.Uint16(b[2:]) != 42 || first < 8 || first+2 > int64(len(b)) {
		return upright
	}
	entries := b[first+2:]
	for range order.Uint16(b[first:]) {
		if len(entries) < 12 {
			break
		}
		const tagOrientation, typeShort = 0x0112, 3
		if order.Uint16(entries) == tagOrientation {
			o := orientation(order.Uint16(entries[8:]))
			if order.Uint16(entries[2:]) == typeShort && order.Uint32(entries[4:]) == 1 && o >= 1 && o <= 8 {
				return o
			}
			break
		}
		entries = entries[12:]
	}
	return upright
}

// swaps reports whether width and height change places.
func (o orientation) swaps() bool { return o >= 5 }

// apply returns src turned upright.
func (o orientation) apply(src *image.RGBA) *image.RGBA {
	if o == upright {
		return src
	}
	w, h := src.Rect.Dx(), src.Rect.Dy()
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	if o.swaps() {
		dst = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range dst.Rect.Dy() {
		for x := range dst.Rect.Dx() {
			sx, sy := o.source(x, y, w, h)
			copy(dst.Pix[dst.PixOffset(x, y):][:4], src.Pix[src.PixOffset(sx, sy):][:4])
		}
	}
	return dst
}

// source returns which pixel of a picture w wide and h high comes to x, y once upright.
func (o orientation) source(x, y, w, h int) (sx, sy int) {
	switch o {
	case 2: // mirrored
		return w - 1 - x, y
	case 3: // upside down
		return w - 1 - x, h - 1 - y
	case 4: // upside down, mirrored
		return x, h - 1 - y
	case 5: // mirrored along the diagonal
		return y, x
	case 6: // lying on its left side
		return y, h - 1 - x
	case 7: // mirrored along the other diagonal
		return w - 1 - y, h - 1 - x
	case 8: // lying on its right side
		return w - 1 - y, x
	}
	return x, y
}
