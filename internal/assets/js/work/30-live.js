// What waits is counted beside the words of the rail as it changes. Only the page one looks at listens: a browser opens few
// connections to one house. Without this script the counts are those of the moment at which the page was made.
(() => {
  'use strict';
  const d = document;
  if (!window.EventSource || !d.querySelector('[data-count]')) return;
  let source = null;

  const show = (e) => {
    const counts = JSON.parse(e.data);
    d.dispatchEvent(new CustomEvent('live', { detail: counts }));
    d.querySelectorAll('[data-count]').forEach((link) => {
      const n = counts[link.dataset.count] || 0;
      let mark = link.querySelector('.n');
      if (!n) { if (mark) mark.remove(); return; }
      if (!mark) {
        mark = d.createElement('span');
        mark.className = 'n';
        link.append(' ', mark);
      }
      if (mark.textContent !== String(n)) mark.textContent = n;
    });
  };
  const listen = () => {
    if (d.hidden) {
      if (source) source.close();
      source = null;
    } else if (!source || source.readyState === EventSource.CLOSED) {
      const more = d.querySelector('[data-live]');
      source = new EventSource('/app/live' + (more ? more.dataset.live : ''));
      source.addEventListener('counts', show);
    }
  };
  d.addEventListener('visibilitychange', listen);
  window.addEventListener('pagehide', () => { if (source) source.close(); });
  window.addEventListener('pageshow', listen);
})();
