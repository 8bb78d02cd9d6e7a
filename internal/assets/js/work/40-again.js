// [data-again]: what is under way (a test, a mail that leaves) is looked at again every two seconds until it is over. Whoever
// has opened something in it, or stands in it with the keyboard, is not disturbed. Without this script a link does the same.
(() => {
  'use strict';
  const d = document;
  const look = async () => {
    const box = d.querySelector('[data-again]');
    if (!box) return;
    if (!d.hidden && !box.querySelector('details[open]') && !box.contains(d.activeElement)) {
      try {
        const r = await fetch(location.href, { credentials: 'same-origin' });
        const page = new DOMParser().parseFromString(await r.text(), 'text/html');
        const now = r.ok && page.querySelector('[data-part="' + box.dataset.part + '"]');
        if (now) box.replaceWith(d.importNode(now, true));
      } catch { /* the connection does not answer: later */ }
    }
    setTimeout(look, 2000);
  };
  setTimeout(look, 2000);
})();
