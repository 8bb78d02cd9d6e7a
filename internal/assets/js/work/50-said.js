// After a form was sent, the keyboard and whoever listens stand at the answer: what is wrong, else what was done. A field that asks for
// the focus, or has it, keeps it. Once the page is loaded, since a browser that goes to a #part takes the focus away. Without this
// script they stand at the top of the page, as after any link.
(() => {
  'use strict';
  const d = document;
  const told = d.querySelector('main .said[role=alert], main .bands .said[role=status], main > .said[role=status]');
  if (!told || d.querySelector('[autofocus]')) return;
  window.addEventListener('load', () => {
    if (d.activeElement !== d.body) return;
    told.tabIndex = -1;
    told.focus({ preventScroll: Boolean(location.hash) });
  });
})();

// [data-address=URL]: what is shown once, after something was done, leaves no mark in the address of the page.
(() => {
  'use strict';
  const shown = document.querySelector('[data-address]');
  if (shown) history.replaceState(history.state, '', shown.dataset.address);
})();
