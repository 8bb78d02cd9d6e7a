#!/usr/bin/env bash
# tools.sh: install what the tests need and the machine lacks. Debian only; elsewhere it says what is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p .test
missing=()
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
command -v chromium >/dev/null || missing+=(chromium)
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
command -v spamassassin >/dev/null || missing+=(spamassassin)
if [ "${#missing[@]}" -gt 0 ]; then
  echo "installing: ${missing[*]}"
  if ! command -v apt-get >/dev/null; then
    echo "install these by hand: ${missing[*]}" >&2
    exit 1
  fi
  as=(); [ "$(id -u)" = 0 ] || as=(sudo)
  "${as[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${as[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null >/dev/null
fi
# The judges of pages: axe-core (accessibility), playwright-core (it drives the browser that tells whether a snippet runs); of mails:
# mailauth (SPF, DKIM, DMARC), caniemail (what programs for mail draw).
for judge in axe-core playwright-core mailauth caniemail; do
  if [ ! -d ".test/node_modules/$judge" ]; then
    [ -f .test/package.json ] || echo '{"private":true}' > .test/package.json
    (cd .test && npm install --no-audit --no-fund --silent axe-core@4.14.1 playwright-core@1.64.1 mailauth@4.13.3 caniemail@1.0.5)
    break
  fi
done
