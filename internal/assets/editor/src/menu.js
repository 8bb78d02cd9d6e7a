// The "/" menu: at the beginning of an empty line, what a block can be, chosen by typing or with the arrows.
import { Plugin, PluginKey } from '@milkdown/kit/prose/state';
import { make, icon, place } from './dom.js';

const key = new PluginKey('slash-menu');
const fold = (s) => s.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

// query is what stands behind a "/" that begins the line, null where there is none.
const query = (state) => {
  const { $from, empty } = state.selection;
  if (!empty || $from.parent.type.name !== 'paragraph' || $from.parentOffset !== $from.parent.content.size) return null;
  const text = $from.parent.textContent;
  return /^\/[^\s/]{0,20}$/.test(text) ? text.slice(1) : null;
};

/**
 * @param {object} o items: [{name, label, words, icon, run(view)}]; say: sentences; box: where it is drawn
 */
export function slashMenu(o) {
  const list = make('ul', { class: 'ed-menu', role: 'listbox', id: 'ed-menu', 'aria-label': o.say.menu, hidden: true });
  o.box.append(list);
  let found = [], at = 0, closed = null;

  const close = (view) => {
    list.hidden = true;
    found = [];
    view.dom.removeAttribute('aria-activedescendant');
    view.dom.removeAttribute('aria-controls');
  };
  const choose = (view, item) => {
    const { $from } = view.state.selection;
    view.dispatch(view.state.tr.delete($from.start(), $from.end()));
    close(view);
    item.run(view);
  };
  const mark = (view) => {
    [...list.children].forEach((li, i) => li.setAttribute('aria-selected', String(i === at)));
    const chosen = list.children[at];
    if (!chosen) return;
    view.dom.setAttribute('aria-activedescendant', chosen.id);
    chosen.scrollIntoView({ block: 'nearest' });
  };
  const show = (view, q) => {
    const wanted = fold(q);
    found = o.items.filter((i) => !wanted || fold(i.label + ' ' + i.words).split(/\s+/).some((w) => w.startsWith(wanted)));
    if (!found.length) return close(view);
    at = Math.min(at, found.length - 1);
    list.replaceChildren(...found.map((item, i) => make('li', {
      role: 'option', id: 'ed-menu-' + i, onmousedown: (e) => { e.preventDefault(); choose(view, item); },
    }, icon(item.icon), make('span', {}, item.label))));
    list.hidden = false;
    view.dom.setAttribute('aria-controls', 'ed-menu');
    place(list, view.coordsAtPos(view.state.selection.from));
    mark(view);
  };

  return new Plugin({
    key,
    props: {
      handleKeyDown(view, e) {
        if (list.hidden || e.isComposing) return false;
        if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
          at = (at + (e.key === 'ArrowDown' ? 1 : found.length - 1)) % found.length;
          mark(view);
          return true;
        }
        if (e.key === 'Enter' || e.key === 'Tab') { choose(view, found[at]); return true; }
        if (e.key === 'Escape') { closed = query(view.state); close(view); return true; }
        return false;
      },
      handleDOMEvents: { blur(view) { close(view); return false; } },
    },
    view: () => ({
      update(view, was) {
        const q = query(view.state);
        if (q === null || !view.hasFocus()) { closed = null; if (!list.hidden) close(view); at = 0; return; }
        if (q === closed) return;
        closed = null;
        if (was.doc.eq(view.state.doc) && !list.hidden) return;
        show(view, q);
      },
      destroy: () => list.remove(),
    }),
  });
}
