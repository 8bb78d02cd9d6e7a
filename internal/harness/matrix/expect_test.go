package matrix

import (
	"net/url"

	"causerie/internal/platform/actor"
)

// target is how one address is asked, and who is let in.
type target struct {
	let rule
	// path puts A's things into the wildcards of the address, in their order: "draft", or a word between quotes.
	path []string
	// queries are asked one by one, after the address alone: "contact=<contact>&q=zqcommun".
	queries []string
	form    url.Values // of a page that changes something; "<draft>" becomes an id
	json    string     // of an operation that does
	// spared says that whoever may, does not: it would end the session of who asks, or the house.
	spared bool
	// gone says that nothing is found there, even for who is let in.
	gone bool
}

func form(pairs ...string) url.Values {
	f := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Set(pairs[i], pairs[i+1])
	}
	return f
}

var (
	author, editor = actor.Author, actor.Editor
	write          = form("voice", "<voice>", "title", "Pris", "body", "Pris.", "version", "1", "kind", "article")
)

// pages is every address of the router and who is let in. Which voice it asks is said once, here: a page of a thing asks the
// role in the voice of that thing, a list asks it somewhere and shows what is of the voices of who looks.
var pages = map[string]target{
	// The public site.
	"GET /assets/":                       {let: anyone, gone: true},
	"GET /assets/accent/{file}":          {let: anyone, path: []string{"'8a5a2b.css'"}},
	"GET /assets/mark/{file}":            {let: anyone, path: []string{"'8a5a2b-CA.svg'"}},
	"GET /healthz":                       {let: anyone},
	"GET /readyz":                        {let: anyone},
	"GET /metrics":                       {let: nobody},
	"GET /search":                        {let: anyone, queries: []string{"q=" + common, "q=zqmatrice", "q=kervella"}},
	"GET /contact":                       {let: anyone},
	"POST /contact":                      {let: anyone, form: form("name", "Zoé", "email", "zoe@ailleurs.example", "body", "Un devis ?")},
	"GET /legal":                         {let: anyone},
	"GET /legal/{$}":                     {let: anyone},
	"GET /legal/mentions":                {let: anyone},
	"GET /legal/privacy":                 {let: anyone},
	"GET /confirm":                       {let: anyone, gone: true, queries: []string{"t=zq"}},
	"POST /confirm":                      {let: anyone, gone: true, form: form("t", "zq")},
	"GET /unsubscribe":                   {let: anyone, gone: true, queries: []string{"t=zq"}},
	"POST /unsubscribe":                  {let: anyone, gone: true, form: form("t", "zq")},
	"GET /confirm/not-me":                {let: anyone, gone: true, queries: []string{"t=zq"}},
	"POST /confirm/not-me":               {let: anyone, gone: true, form: form("t", "zq")},
	"GET /app/letters":                   {let: somewhere(author)},
	"POST /app/letters":                  {let: inA(author), form: form("voice", "<voice>", "subject", "Prise", "body", "Prise.")},
	"GET /app/letters/new":               {let: somewhere(author)},
	"GET /app/letters/{id}":              {let: inA(author), path: []string{"letter"}},
	"GET /app/letters/{id}/after/{what}": {let: inA(author), path: []string{"letter", "'words'"}},
	"POST /app/letters/{id}":             {let: inA(author), path: []string{"letter"}, form: form("voice", "<voice>", "subject", "Prise", "body", "Prise.")},
	"POST /app/letters/{id}/release":     {let: inA(editor), path: []string{"letter"}},
	"POST /app/letters/{id}/send":        {let: inA(editor), path: []string{"pageLetter"}},
	"POST /app/letters/{id}/pause":       {let: inA(editor), path: []string{"pagePauseLetter"}},
	"POST /app/letters/{id}/resume":      {let: inA(editor), path: []string{"pageResumeLetter"}},
	"POST /app/letters/{id}/cancel":      {let: inA(editor), path: []string{"pageCancelLetter"}},
	"POST /app/letters/{id}/delete":      {let: inA(author), path: []string{"pageDeleteLetter"}},
	"GET /subscribe":                     {let: anyone, queries: []string{"follow=<voice>&lang=en"}},
	"POST /subscribe":                    {let: anyone, form: form("email", "zoe@ailleurs.example", "follow", "<voice>")},
	"GET /subscribe/sent":                {let: anyone},
	"GET /subscribe/confirm":             {let: anyone, gone: true, queries: []string{"t=zq"}},
	"POST /subscribe/confirm":            {let: anyone, gone: true, form: form("t", "zq")},
	"GET /subscribe/choices":             {let: anyone, gone: true, queries: []string{"t=zq"}},
	"POST /subscribe/choices":            {let: anyone, gone: true, form: form("t", "zq")},

	// Who said nothing for long.
	"GET /stay":                            {let: anyone, gone: true, queries: []string{"t=zq"}},
	"POST /stay":                           {let: anyone, gone: true, form: form("t", "zq", "answer", "yes")},
	"GET /app/settings/silence":            {let: owners},
	"POST /app/settings/silence":           {let: owners, form: form("erases", "0")},
	"POST /app/settings/silence/{id}/keep": {let: owners, path: []string{"contact"}, gone: true, form: form("reason", "client")},

	"GET /subscribe/leave":        {let: anyone, gone: true, queries: []string{"t=zq"}},
	"POST /subscribe/leave":       {let: anyone, gone: true, form: form("t", "zq")},
	"POST /subscribe/own":         {let: anyone, gone: true, form: form("t", "zq")},
	"GET /subscribe/own":          {let: anyone, gone: true, queries: []string{"t=zq"}},
	"GET /subscribe/own/{file}":   {let: anyone, gone: true, path: []string{"'copy.json'"}},
	"POST /subscribe/own/correct": {let: anyone, gone: true, form: form("t", "zq")},
	"POST /subscribe/own/erase":   {let: anyone, gone: true, form: form("t", "zq")},
	"GET /sitemap.xml":            {let: anyone},
	"GET /sitemap/{file}":         {let: anyone, gone: true, path: []string{"'posts-1.xml'"}},
	"GET /robots.txt":             {let: anyone},
	"GET /media/{id}/{variant}":   {let: inA(author), path: []string{"picture", "'960'"}},
	"GET /favicon.ico":            {let: anyone},
	"GET /apple-touch-icon.png":   {let: anyone},
	"GET /{path...}":              {let: anyone, path: []string{"'un-billet-public'"}},
	"POST /{path...}":             {let: anyone, path: []string{"'un-billet-public/comments'"}, form: form("name", "Zoé", "email", "zoe@ailleurs.example", "body", "Très juste.")},
	"GET /setup":                  {let: anyone, gone: true},
	"POST /setup":                 {let: nobody, form: form("house", "Prise", "owner_name", "Z", "owner_email", "z@z.example", "password", "un mot de passe bien long")},
	"GET /app/sign-in":            {let: anyone},
	"POST /app/sign-in":           {let: anyone, form: form("email", "zoe@ailleurs.example", "password", "faux")},
	"POST /app/sign-out":          {let: anyone, spared: true},
	"GET /app/forgot":             {let: anyone},
	"POST /app/forgot":            {let: anyone, form: form("email", "personne@ailleurs.example")},
	"GET /app/reset":              {let: anyone, gone: true},
	"POST /app/reset":             {let: anyone, gone: true, form: form("t", "zq", "password", "un mot de passe bien long")},

	// What is one person's own.
	"GET /app/{$}":                                   {let: signedIn},
	"GET /app/live":                                  {let: signedIn}, // a stream: its first event is looked at
	"GET /app/more":                                  {let: signedIn},
	"POST /app/begin/{step}":                         {let: owners, path: []string{"'look'"}},
	"GET /app/settings":                              {let: signedIn},
	"GET /app/settings/account":                      {let: signedIn},
	"POST /app/settings/account":                     {let: inPerson(signedIn), form: form("name", "Autre Nom", "lang", "en")},
	"POST /app/settings/account/address":             {let: inPerson(signedIn), form: form("email", "pas une adresse")},
	"POST /app/again":                                {let: inPerson(signedIn), form: form("again", "faux")},
	"POST /app/settings/account/password":            {let: inPerson(signedIn), spared: true, form: form("current", "faux", "password", "un mot de passe bien long")},
	"POST /app/settings/account/sessions/others/end": {let: inPerson(signedIn), spared: true},
	"POST /app/settings/account/sessions/{id}/end":   {let: inPerson(writer), path: []string{"session"}},
	"POST /app/settings/account/tokens":              {let: inPerson(signedIn), form: form("token_name", "autre", "scope", "write")},
	"POST /app/settings/account/tokens/{id}/end":     {let: inPerson(writer), path: []string{"token"}},
	"GET /app/settings/notices":                      {let: somewhere(author)},
	"POST /app/settings/notices":                     {let: inPerson(somewhere(author)), form: form("requests", "never", "daily_at", "08:00", "quiet_from", "21:00", "quiet_to", "07:00")},

	// The house, and who works in it.
	"GET /app/settings/people":                   {let: inPerson(owners)},
	"POST /app/settings/people":                  {let: inPerson(owners), form: form("name", "Malo", "email", "malo@ailleurs.example", "lang", "fr-FR", "role", "owner")},
	"GET /app/settings/people/{id}":              {let: inPerson(owners), path: []string{"account"}},
	"POST /app/settings/people/{id}":             {let: inPerson(owners), path: []string{"account"}, form: form("role_0", "editor")},
	"POST /app/settings/people/{id}/link":        {let: inPerson(owners), path: []string{"account"}},
	"POST /app/settings/people/{id}/disable":     {let: inPerson(owners), path: []string{"account"}},
	"POST /app/settings/people/{id}/enable":      {let: inPerson(owners), path: []string{"account"}},
	"GET /app/settings/house":                    {let: owners},
	"POST /app/settings/house":                   {let: owners, form: form("name", "Prise", "lang", "fr-FR", "timezone", "Europe/Paris", "currency", "EUR")},
	"GET /app/settings/identity":                 {let: owners},
	"POST /app/settings/identity":                {let: owners, form: form("address", "Prise")},
	"POST /app/settings/identity/close":          {let: owners, spared: true},
	"GET /app/settings/fields":                   {let: owners},
	"POST /app/settings/fields":                  {let: owners, form: form("name", "Budget", "kind", "number")},
	"GET /app/settings/fields/new":               {let: owners},
	"GET /app/settings/fields/{id}":              {let: owners, path: []string{"field"}},
	"POST /app/settings/fields/{id}":             {let: owners, path: []string{"field"}, form: form("name", "Budget aussi")},
	"POST /app/settings/fields/{id}/archive":     {let: owners, path: []string{"field"}, form: form("back", "1")},
	"POST /app/settings/fields/{id}/raise":       {let: owners, path: []string{"field"}},
	"GET /app/settings/comments":                 {let: owners},
	"POST /app/settings/comments":                {let: owners, form: form("mode", "closed")},
	"GET /app/settings/relay":                    {let: owners},
	"POST /app/settings/relay":                   {let: inPerson(owners), form: form("host", "127.0.0.1", "port", "9")},
	"POST /app/settings/relay/test":              {let: inPerson(owners)},
	"GET /app/settings/mail":                     {let: owners},
	"POST /app/settings/mail/look":               {let: owners},
	"POST /app/settings/mail/keys":               {let: inPerson(owners), form: form("domain", "maison.example")},
	"GET /app/settings/relays":                   {let: owners},
	"POST /app/settings/relays":                  {let: inPerson(owners), form: form("host", "127.0.0.1", "port", "9", "tls", "off")},
	"GET /app/settings/relays/{id}":              {let: owners, path: []string{"relay"}},
	"POST /app/settings/relays/{id}":             {let: inPerson(owners), path: []string{"relay"}, form: form("host", "127.0.0.1", "port", "9", "tls", "off")},
	"POST /app/settings/relays/{id}/test":        {let: inPerson(owners), path: []string{"relay"}},
	"POST /app/settings/relays/{id}/raise":       {let: inPerson(owners), path: []string{"relay"}},
	"POST /app/settings/relays/{id}/remove":      {let: inPerson(owners), path: []string{"relay"}},
	"GET /app/settings/sections":                 {let: somewhere(editor), queries: []string{"voice=<voice>"}},
	"POST /app/settings/sections/{id}":           {let: inA(editor), path: []string{"section"}, form: form("voice", "<voice>", "name", "Prise")},
	"POST /app/settings/tags/{id}":               {let: everywhere(editor), path: []string{"tag"}, form: form("name", "Prise")},
	"POST /app/settings/menu":                    {let: inA(editor), form: form("voice", "<voice>", "place_notes", "1")},
	"GET /app/settings/voices":                   {let: somewhere(editor)},
	"POST /app/settings/voices":                  {let: owners, form: form("name", "Prise", "kind", "personal", "lang", "fr-FR")},
	"GET /app/settings/voices/{id}/welcome":      {let: inA(editor), path: []string{"voice"}},
	"POST /app/settings/voices/{id}/welcome":     {let: inA(editor), path: []string{"voice"}, form: form("sends", "on", "body", "Bienvenue.")},
	"GET /app/settings/voices/{id}/welcome/mail": {let: inA(editor), path: []string{"voice"}},
	"GET /app/settings/voices/{id}":              {let: inA(editor), path: []string{"voice"}},
	"POST /app/settings/voices/{id}":             {let: inA(editor), path: []string{"voice"}, form: form("name", "Prise", "slug", "prise", "kind", "personal", "lang", "fr-FR")},
	"POST /app/settings/voices/{id}/shift":       {let: owners, path: []string{"voice"}, form: form("to", "up")},
	"GET /app/settings/voices/{id}/remove":       {let: owners, path: []string{"voice"}},
	"POST /app/settings/voices/{id}/remove":      {let: owners, path: []string{"voice"}, form: form("posts", "move")},
	"POST /app/settings/voices/{id}/main":        {let: owners, path: []string{"voice"}},
	"POST /app/settings/voices/{id}/host":        {let: owners, path: []string{"voice"}, form: form("host", "ailleurs.example")},
	"POST /app/settings/voices/{id}/host/leave":  {let: owners, path: []string{"voice"}},
	"POST /app/settings/voices/{id}/homes/free":  {let: owners, path: []string{"voice"}, form: form("host", "", "root", "jeanne")},

	// Posts.
	"GET /app/posts":                         {let: somewhere(author), queries: []string{"voice=<voice>", "q=" + common, "status=writing", "voice=<voice>&q=" + common, "status=deleted"}},
	"GET /app/write":                         {let: somewhere(author), queries: []string{"voice=<voice>", "kind=note"}},
	"POST /app/write":                        {let: inA(author), form: write},
	"GET /app/letters/{letter}/preview":      {let: inA(author), path: []string{"letter"}, queries: []string{"as=<contact>", "who=zqcommun", "form=text"}},
	"GET /app/letters/{letter}/preview/mail": {let: inA(author), path: []string{"letter"}},
	"POST /app/letters/{letter}/test":        {let: inA(author), path: []string{"letter"}},
	"GET /app/posts/{id}":                    {let: inA(author), path: []string{"draft"}},
	"POST /app/posts/{id}":                   {let: ownPost, path: []string{"draft"}, form: write},
	"POST /app/posts/{id}/publish":           {let: ownPost, path: []string{"draft"}, form: write},
	"POST /app/posts/{id}/schedule":          {let: ownPost, path: []string{"draft"}, form: form("schedule", "2027-01-04T08:30", "version", "1")},
	"POST /app/posts/{id}/unpublish":         {let: ownPost, path: []string{"public"}, form: form("version", "1")},
	"POST /app/posts/{id}/delete":            {let: ownPost, path: []string{"scheduled"}},
	"POST /app/posts/{id}/restore":           {let: ownPost, path: []string{"deleted"}},
	"POST /app/posts/{id}/discard":           {let: inA(author), path: []string{"public"}},
	"POST /app/posts/{id}/preview":           {let: inA(author), path: []string{"draft"}, form: write},
	"POST /app/posts/{id}/autosave":          {let: ownPost, path: []string{"draft"}, form: write},
	"POST /app/media":                        {let: somewhere(author)},

	// People, and what they say.
	"GET /app/exports/people.csv":                 {let: everywhere(editor)},
	"GET /app/exports/people.vcf":                 {let: everywhere(editor)},
	"GET /app/imports":                            {let: everywhere(editor)},
	"POST /app/imports":                           {let: everywhere(editor), form: form("file", "")},
	"GET /app/imports/{id}":                       {let: everywhere(editor), path: []string{"import"}},
	"POST /app/imports/{id}":                      {let: everywhere(editor), path: []string{"import"}, form: form("basis", "")},
	"GET /app/imports/{id}/refused":               {let: everywhere(editor), path: []string{"import"}, gone: true},
	"GET /app/contacts":                           {let: somewhere(author), queries: []string{"q=" + common, "q=kervella", "order=name"}},
	"POST /app/contacts":                          {let: somewhere(author), form: form("name", "Yann", "email", "yann@ailleurs.example")},
	"GET /app/contacts/new":                       {let: somewhere(author)},
	"GET /app/contacts/{id}":                      {let: somewhere(author), path: []string{"contact"}},
	"POST /app/contacts/{id}":                     {let: somewhere(author), path: []string{"contact"}, form: form("note", "Vu")},
	"POST /app/contacts/{id}/calls":               {let: somewhere(author), path: []string{"contact"}, form: form("kind", "call", "words", "Il rappelle lundi.")},
	"POST /app/contacts/{id}/calls/{call}/remove": {let: somewhere(author), path: []string{"contact", "call"}},
	"GET /app/contacts/{id}/consents":             {let: somewhere(author), path: []string{"contact"}},
	"POST /app/contacts/{id}/consents":            {let: somewhere(author), path: []string{"contact"}, form: form("purpose", "letter", "basis", "consent", "jurisdiction", "FR", "wording", "Oui.")},
	"POST /app/contacts/{id}/consents/function": {let: somewhere(author), path: []string{"contact"},
		form: form("role", "Gérante", "theme", "Nos délais", "function_source", "Annuaire", "function_purpose", "letter")},
	"POST /app/contacts/{id}/consents/stop":           {let: somewhere(author), path: []string{"contact"}, form: form("stop", "objection")},
	"POST /app/contacts/{id}/merge":                   {let: somewhere(author), path: []string{"contact"}, form: form("other", "<other contact>")},
	"GET /app/contacts/{id}/erase":                    {let: everywhere(editor), path: []string{"other contact"}},
	"POST /app/contacts/{id}/erase":                   {let: everywhere(editor), path: []string{"other contact"}},
	"GET /app/contacts/{id}/export":                   {let: somewhere(editor), path: []string{"contact"}},
	"GET /app/contacts/{id}/handles/{handle}":         {let: somewhere(author), path: []string{"contact", "'0000000000001'"}, gone: true},
	"POST /app/contacts/{id}/handles/{handle}":        {let: somewhere(author), path: []string{"contact", "'0000000000001'"}, gone: true},
	"POST /app/contacts/{id}/handles/{handle}/remove": {let: somewhere(author), path: []string{"contact", "'0000000000001'"}},
	"POST /app/contacts/{id}/handles/{handle}/lift":   {let: somewhere(author), path: []string{"contact", "'0000000000001'"}},
	"GET /app/inbox":                                  {let: somewhere(author), queries: []string{"q=" + common, "state=held", "state=spam", "state=open", "kind=request", "contact=<contact>", "post=<public>"}},
	"GET /app/inbox/{id}":                             {let: inA(author), path: []string{"request"}},
	"POST /app/messages/{id}/answer":                  {let: inA(author), path: []string{"request"}, form: form("body", "Pris.")},
	"POST /app/messages/{id}/draft":                   {let: inA(author), path: []string{"request"}, form: form("body", "Pris ?")},
	"POST /app/messages/{id}/unsend":                  {let: inA(author), path: []string{"request"}},
	"POST /app/messages/{id}/approve":                 {let: inA(editor), path: []string{"held"}},
	"POST /app/messages/{id}/spam":                    {let: inA(editor), path: []string{"held"}},
	"POST /app/messages/{id}/remove":                  {let: inA(editor), path: []string{"comment"}},
	"POST /app/messages/{id}/close":                   {let: inA(author), path: []string{"request"}},
	"POST /app/messages/{id}/reopen":                  {let: inA(author), path: []string{"request"}},
	"GET /app/deliveries":                             {let: somewhere(author), queries: []string{"state=held", "state=sent"}},
	"POST /app/deliveries/hold":                       {let: everywhere(editor)},
	"POST /app/deliveries/release":                    {let: everywhere(editor)},
	"POST /app/deliveries/{id}/release":               {let: inA(author), path: []string{"delivery"}},
	"POST /app/deliveries/{id}/retry":                 {let: inA(author), path: []string{"delivery"}},
	"POST /app/deliveries/posts/{id}/release":         {let: inA(editor), path: []string{"scheduled"}},
	"POST /app/deliveries/posts/{id}/publish":         {let: ownPost, path: []string{"scheduled"}},
	"POST /app/deliveries/posts/{id}/unschedule":      {let: ownPost, path: []string{"scheduled"}},
	"POST /app/deliveries/{id}/cancel":                {let: inA(author), path: []string{"delivery"}},

	// What it comes to.
	"GET /app/mandates":                   {let: somewhere(author), queries: []string{"stage=won", "stage=open"}},
	"POST /app/mandates":                  {let: somewhere(author), form: form("title", "Un banc", "voice", "", "contact", "<contact>", "currency", "EUR")},
	"GET /app/mandates/new":               {let: somewhere(author), queries: []string{"contact=<contact>"}},
	"GET /app/mandates/from-message/{id}": {let: inA(author), path: []string{"request"}},
	"GET /app/mandates/{id}":              {let: inA(author), path: []string{"mandate"}},
	"POST /app/mandates/{id}":             {let: inA(author), path: []string{"mandate"}, form: form("title", "Pris", "currency", "EUR")},
	"POST /app/mandates/{id}/delete":      {let: inA(author), path: []string{"mandate"}},
	"POST /app/mandates/{id}/restore":     {let: inA(author), path: []string{"deletedMandate"}},
	"POST /app/mandates/{id}/move":        {let: inA(author), path: []string{"mandate"}, form: form("stage", "won")},
	"GET /app/attribution":                {let: somewhere(author)},

	// The demonstration house, where these tests live.
	"GET /app/dev/{$}":      {let: anyone, gone: true},
	"POST /app/dev/enter":   {let: anyone, spared: true},
	"GET /app/dev/mail":     {let: signedIn, gone: true}, // shows every mail: only a house of fiction has it
	"GET /app/dev/mail/{n}": {let: signedIn, gone: true, path: []string{"'1'"}},
}

// operations is every operation of the API, by its id, and who is let in among those who carry a token.
var operations = map[string]target{
	"getHouse":    {let: signedIn},
	"changeHouse": {let: owners, json: `{"name": "Prise"}`},

	"listVoices":    {let: signedIn},
	"createVoice":   {let: owners, json: `{"name": "Prise"}`},
	"deleteVoice":   {let: owners, path: []string{"voice"}},
	"listSections":  {let: signedIn, queries: []string{"voice=<slug>"}},
	"createSection": {let: inA(author), json: `{"name": "Prise", "voice": "<slug>"}`},

	"listPosts":  {let: signedIn, queries: []string{"voice=<slug>", "status=draft", "q=" + common, "kind=article", "voice=<slug>&q=" + common}},
	"createPost": {let: inA(author), json: `{"title": "Prise", "body": "x", "voice": "<slug>"}`},
	"getPost":    {let: inA(author), path: []string{"draft"}},
	"changePost": {let: ownPost, path: []string{"draft"}, json: `{"title": "Pris"}`},
	"deletePost": {let: ownPost, path: []string{"scheduled"}},

	"listMessages":     {let: somewhere(author), queries: []string{"state=held", "kind=request", "post=<public>", "contact=<contact>", "q=" + common}},
	"getMessage":       {let: inA(author), path: []string{"request"}},
	"answerMessage":    {let: inA(author), path: []string{"request"}, json: `{"body": "Pris."}`},
	"approveMessage":   {let: inA(editor), path: []string{"held"}},
	"judgeMessageSpam": {let: inA(editor), path: []string{"held"}},
	"closeMessage":     {let: inA(author), path: []string{"request"}},
	"reopenMessage":    {let: inA(author), path: []string{"request"}},

	"listContacts":        {let: somewhere(author), queries: []string{"q=" + common, "order=name"}},
	"createContact":       {let: somewhere(author), json: `{"name": "Yann"}`},
	"getContact":          {let: somewhere(author), path: []string{"contact"}},
	"changeContact":       {let: somewhere(author), path: []string{"contact"}, json: `{"note": "Vu"}`},
	"addHandle":           {let: somewhere(author), path: []string{"contact"}, json: `{"channel": "web", "value": "https://ailleurs.example/lui"}`},
	"changeHandle":        {let: somewhere(author), path: []string{"contact", "'0000000000001'"}, json: `{"value": "https://ailleurs.example/elle"}`, gone: true},
	"removeHandle":        {let: somewhere(author), path: []string{"contact", "'0000000000001'"}, gone: true},
	"listConsents":        {let: somewhere(author), path: []string{"contact"}},
	"listSegments":        {let: everywhere(editor)},
	"createSegment":       {let: everywhere(editor), json: `{"name": "Clients", "filter": {"stage": "won"}}`},
	"getSegment":          {let: everywhere(editor), path: []string{"segment"}},
	"changeSegment":       {let: everywhere(editor), path: []string{"segment"}, json: `{"name": "Clientes"}`},
	"listFields":          {let: somewhere(author)},
	"createField":         {let: owners, json: `{"name": "Prise"}`},
	"changeField":         {let: owners, path: []string{"field"}, json: `{"name": "Prise aussi"}`},
	"deleteSegment":       {let: everywhere(editor), path: []string{"segment"}},
	"listSegmentContacts": {let: everywhere(editor), path: []string{"segment"}},
	"importContacts":      {let: everywhere(editor), json: `{"file": "Nom;Email\nYann;yann.importe@ailleurs.example"}`},
	"addConsent":          {let: somewhere(author), path: []string{"contact"}, json: `{"purpose": "letter", "basis": "consent", "wording": "Oui."}`},
	"listCalls":           {let: somewhere(author), path: []string{"contact"}},
	"noteCall":            {let: somewhere(author), path: []string{"contact"}, json: `{"words": "Il rappelle lundi."}`},
	"removeCall":          {let: somewhere(author), path: []string{"contact", "call"}},
	"exportContact":       {let: somewhere(editor), path: []string{"contact"}},
	"eraseContact":        {let: everywhere(editor), path: []string{"other contact"}},
	"getTimeline":         {let: somewhere(author), path: []string{"contact"}},

	"listMandates":   {let: somewhere(author), queries: []string{"stage=open", "contact=<contact>"}},
	"openMandate":    {let: inA(author), json: `{"title": "Pris", "voice": "<slug>"}`},
	"getMandate":     {let: inA(author), path: []string{"mandate"}},
	"listRelays":     {let: owners},
	"addRelay":       {let: owners, json: `{"host": "127.0.0.1", "port": 9, "tls": "off"}`},
	"getRelay":       {let: owners, path: []string{"relay"}},
	"changeRelay":    {let: owners, path: []string{"relay"}, json: `{"name": "Prise"}`},
	"deleteRelay":    {let: owners, path: []string{"relay"}},
	"deleteMandate":  {let: inA(author), path: []string{"mandate"}},
	"restoreMandate": {let: inA(author), path: []string{"deletedMandate"}},
	"changeMandate":  {let: inA(author), path: []string{"mandate"}, json: `{"title": "Pris"}`},

	"listLetters":    {let: somewhere(author)},
	"createLetter":   {let: inA(author), json: `{"voice": "<slug>", "subject": "Prise", "body": "Prise."}`},
	"getLetter":      {let: inA(author), path: []string{"letter"}},
	"listRecipients": {let: inA(author), path: []string{"letter"}},
	"sendLetter":     {let: inA(editor), path: []string{"letter"}, json: `{"at": "2030-01-01T00:00:00Z"}`},
	"pauseLetter":    {let: inA(editor), path: []string{"scheduledLetter"}},
	"resumeLetter":   {let: inA(editor), path: []string{"pausedLetter"}},
	"cancelLetter":   {let: inA(editor), path: []string{"cancelledLetter"}},
	"getHold":        {let: signedIn},
	"holdAll":        {let: everywhere(editor)},
	"releaseAll":     {let: everywhere(editor)},

	"getAttribution": {let: somewhere(author)},
	"listDeliveries": {let: somewhere(author), queries: []string{"state=held", "state=sent"}},
}
