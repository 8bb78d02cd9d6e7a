// Forms that look after what was typed: areas that grow, a warning before leaving, saving while one writes, a preview.
(() => {
  'use strict';
  const d = document;
  // The sentences are on <body>, in the reader's language: data-say-saved and the like.
  const text = (k) => d.body.dataset['say' + k] || '';
  const fields = (form) => new URLSearchParams([...new FormData(form)].filter(([, v]) => typeof v === 'string'));

  const grow = (t) => {
    if (CSS.supports('field-sizing', 'content') && getComputedStyle(t).fieldSizing === 'content') return;
    const y = window.scrollY;
    t.style.height = 'auto';
    t.style.height = t.scrollHeight + 2 + 'px';
    window.scrollTo(window.scrollX, y);
  };
  d.querySelectorAll('textarea[data-grow]').forEach(grow);
  d.addEventListener('input', (e) => { if (e.target.matches('textarea[data-grow]')) grow(e.target); });

  // form[data-guard]: asks before leaving with something unsaved.
  const dirty = new Set();
  d.addEventListener('input', (e) => { const f = e.target.form; if (f && f.matches('[data-guard]')) dirty.add(f); });
  d.addEventListener('submit', (e) => { dirty.delete(e.target); });
  window.addEventListener('beforeunload', (e) => { if (dirty.size) e.preventDefault(); });

  // [data-reveal=ID]: shows what is typed into a password field while it is pressed in; what is sent is a password again.
  d.querySelectorAll('[data-reveal]').forEach((b) => {
    const field = d.getElementById(b.dataset.reveal);
    if (!field) return;
    const show = (on) => { field.type = on ? 'text' : 'password'; b.setAttribute('aria-pressed', String(on)); };
    b.hidden = false;
    b.addEventListener('click', () => show(field.type === 'password'));
    field.form.addEventListener('submit', () => show(false));
  });

  d.addEventListener('click', async (e) => {
    const b = e.target.closest('[data-copy]');
    if (!b || !navigator.clipboard) return;
    e.preventDefault();
    try { await navigator.clipboard.writeText(b.dataset.copy || location.href); } catch { return; }
    const was = b.textContent;
    b.textContent = text('Copied') || was;
    setTimeout(() => { b.textContent = was; }, 1800);
  });

  // [data-share=URL]: hands an address to what the device shares with, where it does.
  d.querySelectorAll('[data-share]').forEach((b) => {
    if (!navigator.share) return;
    b.hidden = false;
    b.addEventListener('click', () => navigator.share({ title: b.dataset.shareTitle, url: b.dataset.share }).catch(() => {}));
  });

  // form[data-autosave=URL]: posts itself five seconds after typing, and on leaving the page for another window.
  // A JSON answer {"saved": "8 h 31", "fields": {name: value}} says when, and brings back what changed (a version, an id).
  // The form hears "saved", or "unsaved" with the status; "save" has it saved now.
  d.querySelectorAll('form[data-autosave]').forEach((form) => {
    const say = form.querySelector('[data-saved]');
    let timer = 0, running = false, again = false;
    const save = async () => {
      clearTimeout(timer); timer = 0;
      if (running) { again = true; return; }
      running = true;
      if (say) say.textContent = text('Saving');
      try {
        const r = await fetch(form.dataset.autosave, {
          method: 'POST', body: fields(form),
          headers: { Accept: 'application/json' }, credentials: 'same-origin',
        });
        if (!r.ok) throw new Error(String(r.status));
        const got = await r.json().catch(() => ({}));
        for (const [k, v] of Object.entries(got.fields || {})) {
          const el = form.elements.namedItem(k);
          if (el && 'value' in el) el.value = v;
        }
        if (got.autosave) form.dataset.autosave = got.autosave;
        const at = got.saved || new Intl.DateTimeFormat(d.documentElement.lang || undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date());
        if (say) say.textContent = text('Saved').replace('{0}', at);
        if (!again) dirty.delete(form);
        form.dispatchEvent(new CustomEvent('saved', { detail: again }));
      } catch (e) {
        if (say) say.textContent = text('Unsaved');
        form.dispatchEvent(new CustomEvent('unsaved', { detail: e.message }));
        again = false;
        timer = setTimeout(save, 15000);
      }
      running = false;
      if (again) { again = false; timer = setTimeout(save, 1000); }
    };
    form.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(save, 5000); if (running) again = true; });
    form.addEventListener('save', save);
    form.addEventListener('submit', () => { clearTimeout(timer); });
    d.addEventListener('visibilitychange', () => { if (d.hidden && timer) save(); });
  });

  // form[data-preview=URL]: posts the form a moment after typing; the answer, HTML already cleaned by the server,
  // fills [data-preview-pane].
  d.querySelectorAll('form[data-preview]').forEach((form) => {
    const pane = d.querySelector('[data-preview-pane]');
    if (!pane) return;
    let timer = 0, ask = null;
    const show = async () => {
      if (!pane.offsetParent) return;
      if (ask) ask.abort();
      ask = new AbortController();
      try {
        const r = await fetch(form.dataset.preview, {
          method: 'POST', body: fields(form),
          headers: { Accept: 'text/html' }, credentials: 'same-origin', signal: ask.signal,
        });
        if (r.ok) pane.innerHTML = await r.text();
      } catch { /* the next letter asks again */ }
    };
    form.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(show, 600); });
    show();
  });

  // [data-count-words]: how many words, beside the area it names.
  d.querySelectorAll('[data-count-words]').forEach((out) => {
    const t = d.getElementById(out.dataset.countWords);
    if (!t) return;
    const n = () => { out.textContent = String((t.value.match(/\S+/g) || []).length); };
    t.addEventListener('input', n); n();
  });

  // details.sure: Escape takes the question back.
  d.addEventListener('keydown', (e) => {
    const open = e.key === 'Escape' && e.target.closest && e.target.closest('details.sure[open]');
    if (!open) return;
    open.open = false;
    open.querySelector('summary').focus();
  });

  // [data-pick]: a select or file input that sends its form by itself.
  d.addEventListener('change', (e) => { if (e.target.matches('[data-pick]') && e.target.form) e.target.form.requestSubmit(); });
})();
