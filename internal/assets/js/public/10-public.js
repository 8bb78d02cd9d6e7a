// The public pages work without this file. It copies a link, and brings the answer form under the comment it answers.
(() => {
  'use strict';
  const d = document;

  // [data-copy="text"]: copies the text (the page's address when empty) and says so for a moment.
  d.addEventListener('click', async (e) => {
    const b = e.target.closest('[data-copy]');
    if (!b || !navigator.clipboard) return;
    e.preventDefault();
    try {
      const link = d.querySelector('link[rel=canonical]');
      await navigator.clipboard.writeText(b.dataset.copy || (link && link.href) || location.href);
    } catch { return; }
    const was = b.textContent;
    b.textContent = d.body.dataset.sayCopied || was;
    setTimeout(() => { b.textContent = was; }, 1800);
  });
  d.querySelectorAll('[data-copy][hidden]').forEach((b) => { if (navigator.clipboard) b.hidden = false; });

  // a[data-reply="id"]: moves form[data-reply-form] under the comment and fills its field "parent".
  const form = d.querySelector('form[data-reply-form]');
  const parent = form && form.elements.namedItem('parent');
  if (parent) {
    const home = d.createComment('');
    form.before(home);
    const say = form.querySelector('[data-reply-to]');
    const first = say ? say.textContent : '';
    d.addEventListener('click', (e) => {
      const a = e.target.closest('[data-reply]');
      const undo = e.target.closest('[data-reply-undo]');
      if (undo) {
        e.preventDefault();
        home.after(form);
        parent.value = '';
        if (say) say.textContent = first;
        undo.hidden = true;
        return;
      }
      if (!a) return;
      const under = a.closest('.said-by');
      if (!under) return;
      e.preventDefault();
      (under.querySelector(':scope > div') || under).append(form);
      parent.value = a.dataset.reply;
      if (say && a.dataset.replySay) say.textContent = a.dataset.replySay;
      const back = form.querySelector('[data-reply-undo]');
      if (back) back.hidden = false;
      const text = form.querySelector('textarea');
      if (text) text.focus({ preventScroll: false });
    });
  }

  // What a reader wrote and that waits to be read is shown to them, and their name is kept for the next form, in this tab alone.
  const own = (() => { try { return sessionStorage; } catch { return null; } })();
  if (own && form) {
    const fields = ['name', 'email'];
    const kept = JSON.parse(own.getItem('said') || '{}');
    fields.forEach((n) => { const f = form.elements.namedItem(n); if (f && !f.value && kept[n]) f.value = kept[n]; });
    const to = form.getAttribute('action'); // the page's own address is another when the form was sent back
    form.addEventListener('submit', () => {
      const what = { to };
      [...fields, 'body'].forEach((n) => { what[n] = form.elements.namedItem(n).value; });
      try { own.setItem('said', JSON.stringify(what)); } catch { /* full, or not allowed */ }
    });
    const mine = d.querySelector('[data-mine]');
    const show = () => {
      if (!mine || location.hash !== '#said-held' || kept.to !== to || !kept.body) return;
      mine.querySelector('.who').textContent = kept.name;
      mine.querySelector('.face').textContent = (kept.name || '').trim().slice(0, 1).toUpperCase();
      mine.querySelector('.words').textContent = kept.body;
      mine.hidden = false;
    };
    show();
  }

  // textarea[data-grow]: as high as what is in it.
  const grow = (t) => { t.style.height = 'auto'; t.style.height = t.scrollHeight + 2 + 'px'; };
  d.addEventListener('input', (e) => { if (e.target.matches && e.target.matches('textarea[data-grow]')) grow(e.target); });
})();
