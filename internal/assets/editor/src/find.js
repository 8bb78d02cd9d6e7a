// Find and replace in the text.
import { search, SearchQuery, setSearchState, findNext, findPrev, replaceNext, replaceAll, getMatchHighlights } from 'prosemirror-search';
import { make, button } from './dom.js';

export const finding = () => search();

/** @param {object} o say: sentences; box: where the panel stands. @returns {(view) => void} opens it */
export function finder(o) {
  let view = null;
  const { say } = o;
  const what = make('input', { class: 'input', type: 'search', id: 'ed-find', maxlength: '200', autocomplete: 'off' });
  const by = make('input', { class: 'input', type: 'text', id: 'ed-replace', maxlength: '200', autocomplete: 'off' });
  const whole = make('input', { type: 'checkbox', id: 'ed-find-case' });
  const count = make('p', { class: 'ed-found', role: 'status' });
  const act = (command) => () => { ask(); command(view.state, view.dispatch, view); tell(); };
  const text = (label, command) => make('button', { type: 'button', class: 'btn quiet small', onclick: act(command) }, label);
  const panel = make('div', { class: 'ed-find', role: 'search', 'aria-label': say.find, hidden: true },
    make('div', { class: 'ed-find-row' }, make('label', { for: 'ed-find' }, say.find_what), what,
      button('chevron-up', say.find_previous, act(findPrev)), button('chevron-down', say.find_next, act(findNext)), button('x', say.close, () => close())),
    make('div', { class: 'ed-find-row' }, make('label', { for: 'ed-replace' }, say.replace_by), by, text(say.replace_one, replaceNext), text(say.replace_all, replaceAll)),
    make('div', { class: 'ed-find-row' }, make('label', { class: 'tick', for: 'ed-find-case' }, whole, ' ', say.find_case), count));
  o.box.prepend(panel);

  const ask = () => view.dispatch(setSearchState(view.state.tr, new SearchQuery({ search: what.value, replace: by.value, caseSensitive: whole.checked, literal: true })));
  const tell = () => {
    if (!what.value) { count.textContent = ''; return; }
    const n = getMatchHighlights(view.state).find().length;
    count.textContent = n === 0 ? say.found_none : n === 1 ? say.found_one : say.found_many.replace('{0}', n);
  };
  const close = () => {
    panel.hidden = true;
    what.value = '';
    ask();
    view.focus();
  };
  for (const field of [what, by, whole]) field.addEventListener('input', () => { ask(); tell(); });
  panel.addEventListener('keydown', (e) => {
    if (e.key === 'Escape') { e.preventDefault(); close(); }
    if (e.key !== 'Enter' || e.isComposing || e.target.type === 'button') return;
    e.preventDefault();
    act(e.target === by ? replaceNext : e.shiftKey ? findPrev : findNext)();
  });

  return (v) => {
    view = v;
    panel.hidden = false;
    const { from, to } = view.state.selection;
    const words = view.state.doc.textBetween(from, to, ' ');
    if (words && words.length < 100) what.value = words;
    ask();
    tell();
    what.focus();
    what.select();
  };
}
