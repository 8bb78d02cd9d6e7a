// The bubble: over words that are selected, what is done with words most often. With the keyboard the same is done by the
// shortcuts and by the bar; the bubble takes no place in the order of Tab.
import { Plugin, PluginKey, NodeSelection } from '@milkdown/kit/prose/state';
import { make, button, place } from './dom.js';
import { holds } from './acts.js';

const key = new PluginKey('bubble');

/** @param {object} o items: [{name, label, icon, run(view)}]; say: sentences; box: where it is drawn */
export function bubble(o) {
  const bar = make('div', { class: 'ed-bubble', role: 'group', 'aria-label': o.say.bubble, hidden: true });
  o.box.append(bar);
  let pressed = false;
  return new Plugin({
    key,
    view(view) {
      const buttons = o.items.map((item) => {
        const b = button(item.icon, item.label, () => item.run(view), { tabindex: '-1', 'data-name': item.name });
        b.addEventListener('mousedown', (e) => e.preventDefault()); // the selection stays
        return b;
      });
      bar.append(...buttons);
      const look = () => {
        const { state } = view;
        const { from, to, empty } = state.selection;
        if (empty || pressed || !view.hasFocus() || state.selection instanceof NodeSelection || !state.doc.textBetween(from, to, ' ').trim()) {
          bar.hidden = true;
          return;
        }
        bar.hidden = false;
        buttons.forEach((b) => b.setAttribute('aria-pressed', String(holds(state, b.dataset.name))));
        const a = view.coordsAtPos(from), z = view.coordsAtPos(to);
        place(bar, { left: Math.min(a.left, z.left), top: Math.min(a.top, z.top), bottom: Math.max(a.bottom, z.bottom) }, true);
      };
      const down = () => { pressed = true; };
      const up = () => { pressed = false; setTimeout(look); };
      view.dom.addEventListener('pointerdown', down);
      document.addEventListener('pointerup', up);
      view.dom.addEventListener('blur', look);
      return {
        update: look,
        destroy() { document.removeEventListener('pointerup', up); bar.remove(); },
      };
    },
    props: {
      handleKeyDown(view, e) {
        if (e.key === 'Escape' && !bar.hidden) { bar.hidden = true; return true; }
        return false;
      },
    },
  });
}
