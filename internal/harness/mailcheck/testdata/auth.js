// Judges mails with mailauth and DNS records that are given: {records: {"name TYPE": [...]}, mails: [{name, raw, sender, ip, helo}]}.
"use strict";
const path = require("node:path");
const {authenticate} = require(path.join(process.argv[2], "mailauth"));
const {records, mails} = JSON.parse(require("node:fs").readFileSync(0, "utf8"));

async function resolver(name, type) {
  const found = records[`${name.toLowerCase()} ${type}`];
  if (found) return type === "TXT" ? found.map(text => [text]) : found;
  throw Object.assign(new Error(`no ${type} of ${name}`), {code: "ENOTFOUND"});
}

(async () => {
  const judged = [];
  for (const m of mails) {
    const r = await authenticate(Buffer.from(m.raw, "base64"), {sender: m.sender, ip: m.ip, helo: m.helo, mta: "mx.exemple.example", resolver, disableArc: true, disableBimi: true});
    judged.push({
      name: m.name,
      dkim: r.dkim.results.map(d => ({result: d.status.result, aligned: d.status.aligned, algorithm: d.algo, signed: (d.signingHeaders?.keys || "").toLowerCase()})),
      spf: r.spf?.status?.result, dmarc: r.dmarc?.status?.result,
    });
  }
  process.stdout.write(JSON.stringify(judged));
})().catch(err => { console.error(err); process.exit(1); });
