package media

import (
	"bytes"
	"path"
	"strings"
)

// headBytes is how much of a file tells its kind.
const headBytes = 16

const pdfMark = "%PDF-" // ISO 32000-1, section 7.5.2

// pdf tells a PDF.
func pdf(head []byte) string {
	if bytes.HasPrefix(head, []byte(pdfMark)) {
		return "application/pdf"
	}
	return ""
}

// container is how a kind of file begins, and which names such files have with their types. Both must agree: a page of HTML that is
// called .mp3 is refused.
type container struct {
	begins string
	at     int
	types  map[string]string
}

var containers = []container{
	{"PK\x03\x04", 0, map[string]string{ // APPNOTE.TXT 4.3.7; what offices and readers of books make are archives too
		".zip": "application/zip", ".epub": "application/epub+zip",
		".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
		".ppsx": "application/vnd.openxmlformats-officedocument.presentationml.slideshow",
		".odt":  "application/vnd.oasis.opendocument.text", ".ods": "application/vnd.oasis.opendocument.spreadsheet",
		".odp": "application/vnd.oasis.opendocument.presentation"}},
	{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 0, map[string]string{ // [MS-CFB] 2.2
		".doc": "application/msword", ".xls": "application/vnd.ms-excel", ".ppt": "application/vnd.ms-powerpoint", ".pps": "application/vnd.ms-powerpoint"}},
	{"{\\rtf", 0, map[string]string{".rtf": "application/rtf", ".doc": "application/rtf"}},
	{"ID3", 0, map[string]string{".mp3": "audio/mpeg"}},
	{"\xFF\xFB", 0, map[string]string{".mp3": "audio/mpeg"}}, {"\xFF\xF3", 0, map[string]string{".mp3": "audio/mpeg"}},
	{"\xFF\xFA", 0, map[string]string{".mp3": "audio/mpeg"}}, {"\xFF\xF2", 0, map[string]string{".mp3": "audio/mpeg"}},
	{"OggS", 0, map[string]string{".ogg": "audio/ogg", ".oga": "audio/ogg", ".opus": "audio/ogg", ".ogv": "video/ogg"}},
	{"fLaC", 0, map[string]string{".flac": "audio/flac"}},
	{"WAVE", 8, map[string]string{".wav": "audio/wav"}},
	{"ftyp", 4, map[string]string{".mp4": "video/mp4", ".m4v": "video/mp4", ".m4a": "audio/mp4", ".mov": "video/quicktime", ".3gp": "video/3gpp"}}, // ISO 14496-12, 4.3
	{"\x1A\x45\xDF\xA3", 0, map[string]string{".webm": "video/webm"}},
}

// brought tells the documents, recordings and films that an import may bring: by how they begin and by their name.
func brought(name string) func(head []byte) string {
	ext := strings.ToLower(path.Ext(name))
	return func(head []byte) string {
		for _, c := range containers {
			if len(head) >= c.at && bytes.HasPrefix(head[c.at:], []byte(c.begins)) && c.types[ext] != "" {
				return c.types[ext]
			}
		}
		return pdf(head)
	}
}

// uploaded tells the documents and recordings that people may upload: those that an import may bring, but films.
func uploaded(name string) func(head []byte) string {
	kindOf := brought(name)
	return func(head []byte) string {
		if mime := kindOf(head); !strings.HasPrefix(mime, "video/") {
			return mime
		}
		return ""
	}
}

// foreign tells what telephones keep for themselves, and we cannot open, by the brand of the file (ISO 14496-12, 4.3; ISO 23008-12, B.4; AVIF 1.1, 6): a
// sentence says what to do. It is the code of the problem, "" for everything else.
func foreign(head []byte) string {
	if len(head) < 12 || string(head[4:8]) != "ftyp" {
		return ""
	}
	switch string(head[8:12]) {
	case "avif", "avis":
		return "avif"
	case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1":
		return "heic"
	}
	return ""
}
