// Nothing that was typed is lost: the writing page says who else is there, keeps in this browser what could not be saved, and lets one sign in
// again in place. Without this script the page saves by its buttons, and what was saved elsewhere is merged all the same.
(() => {
  'use strict';
  const d = document;

  // Who signs out leaves nothing here; what the server does not have yet is asked about.
  d.addEventListener('submit', (e) => {
    if (e.target.getAttribute('action') !== '/app/sign-out') return;
    try {
      const copies = Object.keys(localStorage).filter((k) => k.startsWith('kept:'));
      if (copies.length && !window.confirm(d.body.dataset.sayLeave)) e.preventDefault();
      else copies.forEach((k) => localStorage.removeItem(k));
    } catch { /* there is no storage */ }
  });

  const form = d.querySelector('form[data-desk]');
  if (!form) return;
  const say = form.dataset;
  const line = form.querySelector('[data-desk-line]');
  const note = form.querySelector('[data-kept-line]');
  const version = form.elements.namedItem('version');

  // Who else is here. A word of this tab's own, and when it was last typed in.
  const tab = Math.random().toString(36).slice(2) + Date.now().toString(36);
  let typed = 0, timer = 0, left = false, last = Date.now(); // when the server was last heard of
  const words = (leave) => new URLSearchParams({ tab, version: version.value, ...(leave && { leave: '1' }), ...(Date.now() - typed < 60000 && { typing: '1' }) });
  const look = async () => {
    clearTimeout(timer);
    timer = setTimeout(look, 25000);
    if (d.hidden || left) return;
    const of = version.value;
    try {
      const r = await fetch(say.desk, { method: 'POST', body: words(), headers: { Accept: 'application/json' }, credentials: 'same-origin' });
      if (r.status === 401) signIn();
      if (!r.ok) return;
      last = Date.now();
      const got = await r.json();
      if (of !== version.value) { soon(); return; } // this page saved meanwhile
      if (line.textContent !== got.line) line.textContent = got.line;
      line.hidden = !got.line;
    } catch { /* no network: the save says so */ }
  };
  const soon = () => { clearTimeout(timer); timer = setTimeout(look, 700); };
  form.addEventListener('input', (e) => {
    if (!e.isTrusted) return;
    const first = Date.now() - typed > 60000;
    typed = Date.now();
    if (first) soon();
  });
  let mark;
  d.addEventListener('live', (e) => { if (e.detail.desk !== mark) { mark = e.detail.desk; soon(); } });
  d.addEventListener('visibilitychange', () => { if (!d.hidden) soon(); });
  window.addEventListener('pagehide', () => { left = true; navigator.sendBeacon(say.desk, words(true)); });
  window.addEventListener('pageshow', (e) => { if (e.persisted) { left = false; soon(); } });
  look();

  // What is not saved yet stays in this browser until it is: whatever ends the page, a second of typing is lost at most.
  const place = 'kept:' + say.desk;
  const fields = () => Object.fromEntries([...new FormData(form)].filter(([k, v]) => typeof v === 'string' && k !== 'alt'));
  const text = (all) => JSON.stringify({ ...all, version: '' });
  const store = (fn) => { try { return fn(localStorage); } catch { return null; } };
  let failing = false;
  const keep = () => store((s) => s.setItem(place, JSON.stringify({ at: Date.now(), fields: fields() })));
  let keeping = 0;
  form.addEventListener('input', () => { keeping = keeping || setTimeout(() => { keeping = 0; keep(); }, 300); });
  form.addEventListener('unsaved', (e) => {
    failing = true;
    keep();
    if (e.detail !== '401') return;
    form.querySelector('[data-saved]').textContent = say.sayOut;
    signIn();
  });
  form.addEventListener('saved', (e) => {
    failing = false;
    if (!e.detail) { // nothing was typed since
      clearTimeout(keeping);
      keeping = 0;
      store((s) => s.removeItem(place));
    }
    soon();
  });
  window.addEventListener('online', () => { if (failing) form.dispatchEvent(new Event('save')); });

  const found = store((s) => JSON.parse(s.getItem(place)));
  if (found && found.fields && text(found.fields) === text(fields())) store((s) => s.removeItem(place)); // it came in by a button
  else if (found && found.fields) {
    const button = (words, act) => {
      const b = d.createElement('button');
      b.type = 'button';
      b.className = 'plain-btn';
      b.textContent = words;
      b.addEventListener('click', () => { note.hidden = true; act(); });
      return b;
    };
    const at = new Intl.DateTimeFormat(d.documentElement.lang, { dateStyle: 'long', timeStyle: 'short' }).format(new Date(found.at));
    note.lastElementChild.replaceChildren(say.sayLocal.replace('{0}', at), ' ', button(say.sayTake, () => {
      for (const [k, v] of Object.entries(found.fields)) {
        const el = form.elements.namedItem(k);
        if (el && 'value' in el && el.type !== 'file') el.value = v; // the version too: what was saved since is merged
      }
      [...form.elements].forEach((el) => { if (el.name in found.fields && el.type !== 'hidden') el.dispatchEvent(new Event('input', { bubbles: true })); });
      form.dispatchEvent(new Event('save'));
    }), ' ', button(say.sayDrop, () => store((s) => s.removeItem(place))));
    note.hidden = false;
  }

  // Signing in again in place: the page of the door, in a box. What comes back is that page again, or the way in.
  const speak = { 'Accept-Language': d.documentElement.lang };
  let box = null;
  const door = async (page) => {
    const door = new DOMParser().parseFromString(await page.text(), 'text/html').querySelector('form[action="/app/sign-in"]');
    if (!door) return;
    const h = d.createElement('h2');
    h.textContent = say.saySigned;
    box.replaceChildren(h, d.importNode(door, true));
    box.querySelectorAll('[id]').forEach((el) => {
      box.querySelectorAll('[for="' + el.id + '"]').forEach((l) => { l.htmlFor = 'door-' + el.id; });
      el.id = 'door-' + el.id;
    });
    (box.querySelector('input:not([type=hidden])[value=""]') || box.querySelector('input:not([type=hidden])')).focus();
  };
  const signIn = async () => {
    if (box) return;
    box = d.createElement('dialog');
    box.className = 'door';
    box.setAttribute('aria-label', say.saySigned);
    d.body.append(box);
    box.addEventListener('close', () => { box.remove(); box = null; });
    box.addEventListener('submit', async (e) => {
      e.preventDefault();
      e.stopPropagation();
      try {
        const r = await fetch('/app/sign-in', { method: 'POST', body: new URLSearchParams(new FormData(e.target)), headers: speak, credentials: 'same-origin', redirect: 'manual' });
        if (r.type !== 'opaqueredirect') { await door(r); return; }
        box.close();
        form.dispatchEvent(new Event('save'));
        soon();
      } catch { /* no network: the button is there */ }
    });
    try {
      const r = await fetch('/app/sign-in', { headers: speak, credentials: 'same-origin', redirect: 'manual' });
      if (r.type === 'opaqueredirect') { box.remove(); box = null; form.dispatchEvent(new Event('save')); return; } // one is in again, from another tab
      box.showModal();
      await door(r);
    } catch { if (box) box.remove(); box = null; }
  };

  // A button that would leave the page asks first whether the way is open, when the last save failed or nothing was heard for a while.
  let sure = false;
  form.addEventListener('saved', () => { last = Date.now(); });
  form.addEventListener('submit', (e) => {
    if (sure || (!failing && Date.now() - last < 30000)) return;
    e.preventDefault();
    e.stopImmediatePropagation();
    const go = () => {
      form.removeEventListener('unsaved', stop);
      sure = true;
      form.requestSubmit(e.submitter);
    };
    const stop = () => form.removeEventListener('saved', go);
    form.addEventListener('saved', go, { once: true });
    form.addEventListener('unsaved', stop, { once: true });
    form.dispatchEvent(new Event('save'));
  }, true);
})();
