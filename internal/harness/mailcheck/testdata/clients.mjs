// Says which features of HTML and CSS the clients do not have at all: {name: html} in, [{name, client, feature}] out.
import {readFileSync} from "node:fs";
import {pathToFileURL} from "node:url";
const {caniemail} = await import(pathToFileURL(process.argv[2] + "/caniemail/dist/index.js"));
const found = [];
for (const [name, html] of Object.entries(JSON.parse(readFileSync(0, "utf8")))) {
  const {issues} = caniemail({clients: ["gmail.*", "outlook.*", "apple-mail.*"], html});
  for (const [client, list] of issues.errors) for (const {title} of list) found.push({name, client, feature: title});
}
process.stdout.write(JSON.stringify(found));
