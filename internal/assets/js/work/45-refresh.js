// [data-refresh]: what a form asks for is answered beside it as it changes (how many people a filter finds), from the address in data-ask. Only the
// part of the page that it names is taken. Without this script a button of the form asks the same.
(() => {
  'use strict';
  const d = document;
  const form = d.querySelector('form[data-refresh][data-ask]');
  if (!form) return;
  let timer = 0;
  let turn = 0;
  const ask = async () => {
    const mine = ++turn;
    const q = new URLSearchParams(new FormData(form));
    q.delete('form_key');
    try {
      const r = await fetch(form.dataset.ask + '?' + q, { credentials: 'same-origin' });
      const page = new DOMParser().parseFromString(await r.text(), 'text/html');
      const now = r.ok && page.querySelector('[data-part="' + form.dataset.refresh + '"]');
      const was = form.querySelector('[data-part="' + form.dataset.refresh + '"]');
      if (mine === turn && now && was) was.replaceWith(d.importNode(now, true));
    } catch { /* the connection does not answer: the button does */ }
  };
  form.addEventListener('input', (e) => {
    if (e.target.name === 'name') return;
    clearTimeout(timer);
    timer = setTimeout(ask, 300);
  });
})();
