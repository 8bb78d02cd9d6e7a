package house

import (
	"slices"
	"strings"
	"unicode"

	"causerie/internal/platform/text"
)

// Host is a company that keeps machines, as a legal notice names it.
type Host struct{ Name, Address, Phone string }

// hosts are those where the people of our countries rent most machines, as their own legal notices said in 2026.
var hosts = []Host{
	{"Clever Cloud SAS", "3 rue de l’Allier\n44000 Nantes, France", "+33 2 85 52 07 69"},
	{"Gandi SAS", "63-65 boulevard Masséna\n75013 Paris, France", "+33 1 70 37 76 61"},
	{"Hetzner Online GmbH", "Industriestr. 25\n91710 Gunzenhausen, Allemagne", "+49 9831 5050"},
	{"Infomaniak Network SA", "Rue Eugène-Marziano 25\n1227 Les Acacias (Genève), Suisse", "+41 22 820 35 44"},
	{"IONOS SARL", "7 place de la Gare\n57200 Sarreguemines, France", "+33 9 70 80 89 11"},
	{"o2switch", "Chemin des Pardiaux\n63000 Clermont-Ferrand, France", "+33 4 44 44 60 40"},
	{"OVH SAS", "2 rue Kellermann\n59100 Roubaix, France", "1007"},
	{"PlanetHoster", "4416 rue Louis-B.-Mayer\nLaval (Québec) H7P 0G1, Canada", "+1 855 774 4678"},
	{"Scaleway SAS", "8 rue de la Ville-l’Évêque\n75008 Paris, France", "+33 1 84 13 00 00"},
}

// Hosts lists the hosts that the program knows, by name.
func Hosts() []Host { return slices.Clone(hosts) }

// HostNamed returns one of them.
func HostNamed(name string) (Host, bool) {
	i := slices.IndexFunc(hosts, func(h Host) bool { return h.Name == name })
	if i < 0 {
		return Host{}, false
	}
	return hosts[i], true
}

// callable reports whether s may be a phone number, by the rule for those of people (text.FoldPhone), with no words around it.
func callable(s string) bool {
	_, ok := text.FoldPhone(s, "")
	return ok && !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || strings.ContainsRune("@:<>=", r) })
}
