package htmlmd

import (
	"encoding/json"
	"regexp"
	"strings"
)

// reShared is a block that stands for another: <!-- wp:block {"ref":70} /-->.
var reShared = regexp.MustCompile(`<!-- wp:(?:core/)?block (\{[^\n]{1,500}?\}) /-->`)

// maxShared is how deep blocks may stand in blocks.
const maxShared = 5

// shared puts the blocks that several posts share in their place. What is not there, goes too deep or would make the text too long
// stays, and is noted like every block that is not there.
func (c *conversion) shared(src string, depth int) string {
	if c.Block == nil || depth == maxShared || !strings.Contains(src, "block ") {
		return src
	}
	room := MaxHTML - len(src)
	return reShared.ReplaceAllStringFunc(src, func(whole string) string {
		var to struct{ Ref int64 }
		if err := json.Unmarshal([]byte(reShared.FindStringSubmatch(whole)[1]), &to); err != nil {
			return whole
		}
		content, ok := c.Block(to.Ref)
		if !ok {
			return whole
		}
		content = c.shared(content, depth+1)
		if room -= len(content); room < 0 {
			return whole
		}
		return content
	})
}
