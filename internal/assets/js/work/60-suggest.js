// input[data-suggest=ID]: while one types, proposes what the datalist ID knows, in a list to walk with the arrows (ARIA 1.2, combobox with
// a listbox). With [data-suggest-many] the field holds several, parted by commas or semicolons, and the one at the cursor is completed.
// Without this script a field of one has the list of the browser.
(() => {
  'use strict';
  const d = document;
  const most = 8;
  const opened = { œ: 'oe', æ: 'ae', ß: 'ss', ø: 'o', ł: 'l', đ: 'd' };
  const fold = (s) => s.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/[œæßøłđ]/g, (c) => opened[c]).replace(/\s+/g, ' ').trim();
  // What has one key is one thing to the server; a sign tells C, C++ and C# apart.
  const key = (s) => fold(s).replaceAll('+', ' plus ').replaceAll('#', ' sharp ').replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
  const bare = (s) => s.trim().replace(/^#+\s*/, '');

  d.querySelectorAll('input[data-suggest]').forEach((field) => {
    const known = [...d.getElementById(field.dataset.suggest).options].map((o) => ({ name: o.value, n: o.dataset.n || '', fold: fold(o.value), key: key(o.value) }));
    if (!known.length) return;
    const many = 'suggestMany' in field.dataset;
    const box = field.closest('.suggest');
    const list = d.createElement('ul');
    list.id = field.id + '-list';
    list.className = 'suggest-list';
    list.hidden = true;
    list.setAttribute('role', 'listbox');
    list.setAttribute('aria-label', field.dataset.sayList);
    const told = d.createElement('span');
    told.className = 'hush';
    told.setAttribute('role', 'status');
    box.append(list, told);
    field.removeAttribute('list');
    for (const [k, v] of Object.entries({ role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': list.id })) field.setAttribute(k, v);

    let at = -1, putting = false, entered = false;
    const options = () => [...list.children];
    const choose = (i) => {
      at = i;
      options().forEach((o, j) => o.setAttribute('aria-selected', String(j === i)));
      const o = options()[i];
      if (!o) { field.removeAttribute('aria-activedescendant'); return; }
      field.setAttribute('aria-activedescendant', o.id);
      o.scrollIntoView({ block: 'nearest' });
    };
    const close = () => {
      choose(-1);
      list.hidden = true;
      told.textContent = '';
      field.setAttribute('aria-expanded', 'false');
    };

    // The part that the cursor is in, from one comma to the next.
    const part = () => {
      const v = field.value;
      if (!many) return { from: 0, to: v.length };
      const cursor = field.selectionStart;
      const next = v.slice(cursor).search(/[,;]/);
      return { from: v.slice(0, cursor).search(/[^,;]*$/), to: next < 0 ? v.length : cursor + next };
    };
    const found = () => {
      const { from, to } = part();
      const typed = bare(field.value.slice(from, to)), words = fold(typed);
      const taken = new Set(many ? (field.value.slice(0, from) + ',' + field.value.slice(to)).split(/[,;]/).map((t) => key(bare(t))) : []);
      const free = known.filter((k) => k.name !== typed && !taken.has(k.key));
      const begin = free.filter((k) => k.fold.startsWith(words));
      return begin.concat(free.filter((k) => !k.fold.startsWith(words) && k.fold.includes(words))).slice(0, most);
    };
    const open = () => {
      const some = found();
      close();
      if (!some.length) return;
      list.replaceChildren(...some.map((k, i) => {
        const o = d.createElement('li');
        o.id = list.id + '-' + i;
        o.dataset.name = k.name;
        o.setAttribute('role', 'option');
        o.setAttribute('aria-selected', 'false');
        o.append(k.name);
        if (k.n) {
          const n = d.createElement('span');
          n.className = 'num';
          n.setAttribute('aria-hidden', 'true');
          n.textContent = k.n;
          o.append(n);
        }
        return o;
      }));
      list.hidden = false;
      field.setAttribute('aria-expanded', 'true');
      told.textContent = (some.length === 1 ? field.dataset.sayOne : field.dataset.sayMany).replace('{0}', some.length);
      list.scrollIntoView({ block: 'nearest' });
    };
    // take puts an option in the place of what was typed of it, so that Ctrl+Z takes it back.
    const take = (o) => {
      const { from, to } = part(), name = o.dataset.name, last = many && !field.value.slice(to).trim();
      const words = (from ? ' ' : '') + name + (last ? ', ' : '');
      close();
      putting = true;
      field.setSelectionRange(from, last ? field.value.length : to);
      if (!d.execCommand || !d.execCommand('insertText', false, words)) {
        field.setRangeText(words, field.selectionStart, field.selectionEnd, 'end');
        field.dispatchEvent(new Event('input', { bubbles: true }));
      }
      putting = false;
    };

    field.addEventListener('input', (e) => {
      if (putting || e.isComposing) return;
      const { from, to } = part();
      if (bare(field.value.slice(from, to))) open(); else close();
    });
    field.addEventListener('keydown', (e) => {
      if (e.isComposing) return;
      const shown = !list.hidden, n = options().length, o = options()[at];
      const done = () => { e.preventDefault(); e.stopPropagation(); };
      entered = e.key === 'Enter' && shown && Boolean(o);
      if (e.key === 'ArrowDown' || (e.key === 'ArrowUp' && shown)) {
        done();
        if (!shown) { open(); return; }
        choose(e.key === 'ArrowDown' ? (at + 1) % n : (at > 0 ? at : n) - 1);
      } else if (entered) {
        done();
        take(o);
      } else if (e.key === 'Tab' && shown && o) {
        take(o); // and goes on
      } else if (e.key === 'Escape' && shown) {
        done();
        close();
      }
    });
    // What types for somebody may send the letter of a key apart: it sends no form either.
    field.addEventListener('keypress', (e) => { if (entered) e.preventDefault(); });
    field.addEventListener('blur', () => {
      close();
      if (many) field.value = field.value.replace(/[\s,;]+$/, '');
    });
    list.addEventListener('mousedown', (e) => e.preventDefault()); // the field keeps the focus
    list.addEventListener('click', (e) => { const o = e.target.closest('[role=option]'); if (o) take(o); });
  });
})();
