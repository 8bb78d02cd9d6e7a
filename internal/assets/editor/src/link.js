// A link on words: an address, or one of one's own posts found by its title.
import { TextSelection } from '@milkdown/kit/prose/state';
import { make, place } from './dom.js';

// around returns where the link goes on in which the cursor stands, null outside of one.
const around = (state, type) => {
  const { $from } = state.selection;
  const mark = type.isInSet($from.marks()) || ($from.nodeAfter && type.isInSet($from.nodeAfter.marks));
  if (!mark) return null;
  const parent = $from.parent, start = $from.start();
  let from = null, to = null;
  parent.forEach((node, offset) => {
    const holds = mark.isInSet(node.marks);
    const at = start + offset, end = at + node.nodeSize;
    if (holds && (from === null || to === at)) { if (from === null) from = at; to = end; } else if (holds && end <= $from.pos) { from = at; to = end; }
  });
  return { from, to, mark };
};

/** What was typed as an address, as it is followed: a bare host and an address of mail get what they lack. */
export function addressOf(typed) {
  const t = typed.trim();
  if (!t) return '';
  if (/^[^\s/@:]+@[^\s/@]+\.[a-z]{2,}$/i.test(t)) return 'mailto:' + t;
  if (/^(https?:|mailto:|tel:|\/|#)/i.test(t)) return t;
  if (/^[a-z][a-z0-9+.-]*:/i.test(t)) return '';
  return /^[\w-]+(\.[\w-]+)+([/?#].*)?$/u.test(t) ? 'https://' + t : '';
}

/** @param {object} o say: sentences; box: where it is drawn; titles: address that finds posts */
export function linker(o) {
  const input = make('input', { class: 'input', type: 'text', inputmode: 'url', id: 'ed-link-to', role: 'combobox', autocomplete: 'off', maxlength: '2000',
    'aria-expanded': 'false', 'aria-controls': 'ed-link-posts', 'aria-autocomplete': 'list', placeholder: o.say.link_hint });
  const wrong = make('p', { class: 'problem', role: 'alert', hidden: true });
  const list = make('ul', { class: 'ed-posts', role: 'listbox', id: 'ed-link-posts', 'aria-label': o.say.link_posts, hidden: true });
  const off = make('button', { type: 'button', class: 'btn quiet small' }, o.say.link_off);
  const set = make('button', { type: 'button', class: 'btn small' }, o.say.link_set);
  const box = make('div', { class: 'ed-link', role: 'dialog', 'aria-label': o.say.link, hidden: true },
    make('label', { for: 'ed-link-to' }, o.say.link_to), input, wrong, list, make('div', { class: 'acts' }, set, off));
  o.box.append(box);

  let view = null, target = null, at = -1, posts = [], ask = null, timer = 0;
  const type = () => view.state.schema.marks.link;
  const close = (back = true) => {
    box.hidden = true;
    clearTimeout(timer);
    if (back && view) view.focus();
  };
  const apply = (href) => {
    const { from, to } = target;
    const tr = view.state.tr;
    if (from === to) {
      tr.insertText(href.replace(/^(mailto:|https?:\/\/)/, ''), from);
      tr.addMark(from, tr.mapping.map(to), type().create({ href }));
    } else {
      tr.removeMark(from, to, type()).addMark(from, to, type().create({ href }));
    }
    tr.setSelection(TextSelection.create(tr.doc, tr.mapping.map(to))).removeStoredMark(type());
    view.dispatch(tr);
    close();
  };
  const submit = () => {
    if (at >= 0 && posts[at]) return apply(posts[at].url);
    const href = addressOf(input.value);
    wrong.hidden = Boolean(href);
    wrong.textContent = href ? '' : o.say.link_bad;
    input.setAttribute('aria-invalid', String(!href));
    if (href) apply(href); else input.focus();
  };
  const choose = (i) => {
    at = i;
    [...list.children].forEach((li, n) => li.setAttribute('aria-selected', String(n === at)));
    if (at >= 0) input.setAttribute('aria-activedescendant', 'ed-post-' + at); else input.removeAttribute('aria-activedescendant');
  };
  const draw = () => {
    list.replaceChildren(...posts.map((p, i) => make('li', { role: 'option', id: 'ed-post-' + i, onmousedown: (e) => { e.preventDefault(); apply(p.url); } },
      make('span', {}, p.title), make('small', {}, p.where))));
    list.hidden = !posts.length;
    input.setAttribute('aria-expanded', String(posts.length > 0));
    choose(-1);
  };
  const find = async () => {
    if (ask) ask.abort();
    ask = new AbortController();
    const q = input.value.trim();
    if (/^(https?:|mailto:|\/)/i.test(q)) { posts = []; return draw(); }
    try {
      const r = await fetch(o.titles + '?q=' + encodeURIComponent(q), { headers: { Accept: 'application/json' }, credentials: 'same-origin', signal: ask.signal });
      posts = r.ok ? (await r.json()).items : [];
      draw();
    } catch { /* the next letter asks again */ }
  };
  input.addEventListener('input', () => { wrong.hidden = true; clearTimeout(timer); timer = setTimeout(find, 200); });
  box.addEventListener('keydown', (e) => {
    if (e.key === 'Escape') { e.preventDefault(); e.stopPropagation(); close(); }
    if (e.target !== input || e.isComposing) return;
    if (e.key === 'Enter') { e.preventDefault(); submit(); }
    if ((e.key === 'ArrowDown' || e.key === 'ArrowUp') && posts.length) {
      e.preventDefault();
      choose(e.key === 'ArrowDown' ? (at + 1) % posts.length : (at <= 0 ? posts.length : at) - 1);
    }
  });
  box.addEventListener('focusout', (e) => { if (e.relatedTarget && !box.contains(e.relatedTarget)) close(false); });
  set.addEventListener('click', submit);
  off.addEventListener('click', () => { view.dispatch(view.state.tr.removeMark(target.from, target.to, type())); close(); });

  return function open(v) {
    view = v;
    const { from, to, empty } = view.state.selection;
    const link = around(view.state, type());
    target = empty && link ? link : { from, to };
    input.value = link ? link.mark.attrs.href : '';
    off.hidden = !link;
    wrong.hidden = true;
    box.hidden = false;
    place(box, view.coordsAtPos(target.from));
    input.focus();
    input.select();
    posts = [];
    draw();
    find();
  };
}
