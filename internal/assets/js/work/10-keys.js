// Keys on a desk: Ctrl+Enter sends. Single letters act only once they are switched on, in the box that lists them (WCAG 2.1.4): j and
// k go down and up a list, o opens, e puts away, r answers, / searches. Without this script the box is not there.
(() => {
  'use strict';
  const d = document;
  const typing = (t) => t && (t.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(t.tagName));

  const on = () => { try { return localStorage.getItem('keys') === 'on'; } catch { return false; } };
  const box = d.querySelector('[data-keys]');
  if (box) {
    const choice = box.querySelector('input');
    box.hidden = false;
    choice.checked = on();
    choice.addEventListener('change', () => { try { localStorage.setItem('keys', choice.checked ? 'on' : 'off'); } catch { choice.checked = false; } });
  }

  d.addEventListener('keydown', (e) => {
    if ((e.ctrlKey || e.metaKey) && e.key === 'Enter') {
      const form = e.target.closest && e.target.closest('form');
      if (form) { e.preventDefault(); form.requestSubmit(form.querySelector('[data-main]') || undefined); }
      return;
    }
    if (!on() || typing(e.target) || e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === '/') {
      const find = d.querySelector('[data-find]');
      if (find) { e.preventDefault(); find.focus(); }
      return;
    }
    const list = d.querySelector('[data-list]');
    if (!list) return;
    const items = [...list.querySelectorAll('[data-item]')];
    let i = items.findIndex((x) => x.classList.contains('here') || x.hasAttribute('aria-current'));
    if (e.key === 'j' || e.key === 'k') {
      if (!items.length) return;
      e.preventDefault();
      const next = items[Math.max(0, Math.min(items.length - 1, i < 0 ? 0 : i + (e.key === 'j' ? 1 : -1)))];
      items.forEach((x) => { x.classList.remove('here'); });
      next.classList.add('here');
      const go = next.querySelector('.go');
      if (go) go.focus({ preventScroll: true });
      next.scrollIntoView({ block: 'nearest' });
      // In the three panes the next talk is shown at once.
      if (list.dataset.list === 'open' && go) go.click();
      return;
    }
    if (e.key === 'o' && i >= 0) {
      const go = items[i].querySelector('.go');
      if (go) go.click();
    } else if (e.key === 'e') {
      const done = d.querySelector('[data-done]') || (i >= 0 && items[i].querySelector('[data-done]'));
      if (done) { e.preventDefault(); done.form ? done.form.requestSubmit(done) : done.click(); }
    } else if (e.key === 'r') {
      const t = d.querySelector('.answer textarea');
      if (t) { e.preventDefault(); t.focus(); }
    }
  });
})();
