package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
)

// maxProfile is the largest colour profile that is read: those of telephones and cameras have some hundred bytes.
const maxProfile = 1 << 20

// profileOf returns the ICC profile that a file carries, nil when it has none, or one that is too large or malformed.
func profileOf(format string, raw []byte) []byte {
	switch format {
	case "jpeg":
		return profileOfJPEG(raw)
	case "png":
		return profileOfPNG(raw)
	case "webp":
		return profileOfWebP(raw)
	}
	return nil
}

// profileOfJPEG puts the profile together from its parts, in segments APP2 that say which of how many they are (ICC.1:2010, B.4).
func profileOfJPEG(raw []byte) []byte {
	parts := map[byte][]byte{}
	var count byte
	size := 0
	for marker, segment := range segments(raw) {
		if marker == 0xda {
			break // the picture begins
		}
		part, ok := bytes.CutPrefix(segment, []byte("ICC_PROFILE\x00"))
		if marker != 0xe2 || !ok || len(part) < 2 {
			continue
		}
		if count == 0 {
			count = part[1]
		}
		if parts[part[0]] == nil {
			parts[part[0]] = part[2:]
			size += len(part)
		}
		if part[1] != count || size > maxProfile {
			return nil
		}
	}
	var all []byte
	for n := range int(count) {
		part, ok := parts[byte(n+1)]
		if !ok {
			return nil
		}
		all = append(all, part...)
	}
	return all
}

// profileOfPNG unpacks the chunk iCCP, which stands before the data (PNG, third edition, 11.3.2.3).
func profileOfPNG(raw []byte) []byte {
	const head, tail = 8, 4 // length and name, checksum
	at := len("\x89PNG\r\n\x1a\n")
	for range maxChunks {
		if at+head > len(raw) {
			return nil
		}
		size, name := int(binary.BigEndian.Uint32(raw[at:])), string(raw[at+4:at+head])
		if name == "IDAT" || size > len(raw)-at-head {
			return nil
		}
		if name == "iCCP" {
			_, packed, ok := bytes.Cut(raw[at+head:at+head+size], []byte{0})
			if !ok || len(packed) < 1 || packed[0] != 0 {
				return nil
			}
			z, err := zlib.NewReader(bytes.NewReader(packed[1:]))
			if err != nil {
				return nil
			}
			profile, err := io.ReadAll(io.LimitReader(z, maxProfile+1))
			if err != nil || len(profile) > maxProfile {
				return nil
			}
			return profile
		}
		at += head + size + tail
	}
	return nil
}

// profileOfWebP returns the chunk ICCP (RFC 9649, 2.7.1.4).
func profileOfWebP(raw []byte) []byte {
	for at := len("RIFF....WEBP"); at+8 <= len(raw); {
		size := int(binary.LittleEndian.Uint32(raw[at+4:]))
		if size > len(raw)-at-8 {
			return nil
		}
		switch string(raw[at : at+4]) {
		case "ICCP":
			if size > maxProfile {
				return nil
			}
			return raw[at+8 : at+8+size]
		case "VP8 ", "VP8L":
			return nil // the profile stands before the picture
		}
		at += 8 + size + size&1
	}
	return nil
}
