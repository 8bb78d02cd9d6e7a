// The laid-out editor over the field of the writing page: opens where a text comes through unchanged, and gives the field back what is
// written as Markdown whenever the form is read.
import { Plugin, Selection } from '@milkdown/kit/prose/state';
import { Fragment, Slice } from '@milkdown/kit/prose/model';
import { keymap } from '@milkdown/kit/prose/keymap';
import { open as openText } from './core.js';
import { holds, run } from './acts.js';
import { bubble } from './bubble.js';
import { clean } from './paste.js';
import { finder, finding } from './find.js';
import { layouts } from './layout.js';
import { addressOf, linker } from './link.js';
import { make } from './dom.js';
import { pictureView } from './picture.js';
import { sender, uploads } from './upload.js';
import { slashMenu } from './menu.js';
import { typesetting } from './typeset.js';

const quiet = 250; // milliseconds after a key until the field of the form follows

/**
 * @param {object} o form, body: the field; say: sentences; tools: the bar; tell(sentence); accept: kinds of files; edit(src, change)
 * @returns {Promise<{close(): void, focus(): void, act(name): void, why?: string}|{why: string}>} why: it cannot be opened, as a sentence
 */
export async function start(o) {
  const { form, body, say } = o;
  const root = make('div', { class: 'ed prose', lang: o.lang() });
  const box = make('div', { class: 'ed-box', hidden: true }, root);
  body.before(box);
  const send = sender({ url: form.dataset.upload, say, tell: o.tell, accept: o.accept });
  const askLink = linker({ say, box, titles: form.dataset.titles });
  const find = finder({ say, box });
  let view = null;
  const doNamed = {
    link: () => askLink(view),
    image: () => send.choose(view),
    find: () => find(view),
  };
  const act = (name) => (doNamed[name] ? doNamed[name]() : run(view, name));
  const item = ([name, sign, words]) => ({ name, icon: sign, label: say['do_' + name], words: say['words_' + name] || words || '', run: () => act(name) });

  let mine = '', stale = false, timer = 0;
  const flush = () => {
    clearTimeout(timer); timer = 0;
    if (!stale) return;
    stale = false;
    mine = text.read();
    body.value = mine;
  };
  const changed = () => {
    stale = true;
    if (!timer) timer = setTimeout(() => { flush(); body.dispatchEvent(new Event('input', { bubbles: true })); }, quiet);
  };

  let text;
  try {
    text = await openText({
      root, markdown: body.value,
      attributes: { role: 'textbox', 'aria-multiline': 'true', 'aria-label': body.getAttribute('aria-label'), class: 'ed-text', spellcheck: 'true', lang: o.lang() },
      nodeViews: { image: pictureView({ say, edit: o.edit, replace: send.replace }) },
      hand: {
        transformPastedHTML: (html) => (html.includes('data-pm-slice') ? html : clean(html, (src) => (/^(https?:|data:image\/|\/media\/)/i.test(src) ? src : null))),
        transformPasted: unaligned,
        handlePaste: (v, e) => pasted(v, e),
        handleDrop: (v, e) => dropped(v, e),
        handleClick: (v, at, e) => below(v, e),
        handleClickOn: (v, at, node, nodeAt, e) => ticked(v, node, nodeAt, e),
      },
      plugins: [
        keymap(keys(act)),
        layouts(), uploads(), finding(),
        typesetting({ url: form.dataset.typeset, lang: o.lang }),
        slashMenu({ say, box, items: blocks.map(item) }),
        bubble({ say, box, items: marks.map(item) }),
        new Plugin({ view: () => ({ update: (v, was) => { if (v.state.doc !== was.doc) changed(); pressed(v); } }) }),
      ],
    });
    view = text.view;
  } catch (e) {
    box.remove();
    return { why: say.plain_failed };
  }
  const around = await differs(text, body.value, form.dataset.same);
  if (around !== null) {
    text.destroy();
    box.remove();
    return { why: around ? say.plain_around.replace('{0}', around) : say.plain_failed };
  }
  clearTimeout(timer); timer = 0; stale = false; // opening changed nothing
  mine = body.value;

  const pasted = (v, e) => {
    const files = [...e.clipboardData.files];
    const html = e.clipboardData.getData('text/html');
    if (files.length && !(html && /<(p|table|li|h\d)\b/i.test(html))) {
      send.send(v, files, v.state.selection.from);
      return true;
    }
    const plain = e.clipboardData.getData('text/plain').trim();
    const href = /^\S+$/.test(plain) && /^(https?:\/\/|mailto:)/i.test(plain) ? addressOf(plain) : '';
    if (href && !v.state.selection.empty && v.state.selection.$from.sameParent(v.state.selection.$to)) {
      v.dispatch(v.state.tr.addMark(v.state.selection.from, v.state.selection.to, v.state.schema.marks.link.create({ href })));
      return true;
    }
    setTimeout(() => send.adopt(v));
    return false;
  };
  const dropped = (v, e) => {
    const files = [...(e.dataTransfer ? e.dataTransfer.files : [])];
    if (!files.length) return false;
    const at = v.posAtCoords({ left: e.clientX, top: e.clientY });
    send.send(v, files, at ? at.pos : v.state.selection.from);
    e.preventDefault();
    return true;
  };
  // A task is ticked by its box, which stands before the words.
  const ticked = (v, node, at, e) => {
    if (node.type.name !== 'list_item' || node.attrs.checked == null) return false;
    const li = v.nodeDOM(at);
    if (!li || e.clientX > li.getBoundingClientRect().left + 4) return false;
    v.dispatch(v.state.tr.setNodeMarkup(at, null, { ...node.attrs, checked: !node.attrs.checked }));
    return true;
  };
  // A touch beneath the last line goes to its end.
  const below = (v, e) => {
    const last = v.dom.lastElementChild;
    if (!last || e.clientY <= last.getBoundingClientRect().bottom) return false;
    v.dispatch(v.state.tr.setSelection(Selection.atEnd(v.state.doc)));
    return true;
  };
  const pressed = (v) => {
    for (const b of o.tools.querySelectorAll('[data-md]')) {
      if (b.hasAttribute('aria-pressed')) b.setAttribute('aria-pressed', String(holds(v.state, b.dataset.md)));
    }
    for (const b of o.tools.querySelectorAll('[data-in-table]')) b.hidden = !holds(v.state, 'table');
  };

  const onFormdata = (e) => { flush(); e.formData.set('body', body.value); };
  const onInput = () => {
    if (body.value === mine) return;
    mine = body.value; // somebody else wrote into the field: what was kept, or merged
    const doc = text.parse(mine);
    view.dispatch(view.state.tr.replaceWith(0, view.state.doc.content.size, doc.content).setMeta('addToHistory', true));
    clearTimeout(timer); timer = 0; stale = false;
  };
  form.addEventListener('formdata', onFormdata);
  body.addEventListener('input', onInput);
  box.hidden = false;
  body.hidden = true;
  o.tools.classList.add('rich');
  form.classList.add('rich');
  pressed(view);
  // A click beneath the text goes to its end.
  box.addEventListener('mousedown', (e) => { if (e.target === box || e.target === root) { e.preventDefault(); view.focus(); } });

  return {
    act,
    focus: () => view.focus(),
    close() {
      flush();
      form.removeEventListener('formdata', onFormdata);
      body.removeEventListener('input', onInput);
      text.destroy();
      box.remove();
      body.hidden = false;
      form.classList.remove('rich');
      o.tools.classList.remove('rich');
    },
  };
}

// differs asks whether a text comes through unchanged: null when it does, else words near what does not, "" when that is not known.
async function differs(text, markdown, url) {
  const back = text.read();
  if (back.trim() === markdown.trim()) return null;
  try {
    const r = await fetch(url, { method: 'POST', body: new URLSearchParams({ a: markdown, b: back }), headers: { Accept: 'application/json' }, credentials: 'same-origin' });
    if (!r.ok) return '';
    const got = await r.json();
    return got.same ? null : got.around || '';
  } catch {
    return '';
  }
}

// unaligned lets the cells of a pasted table stand as those do of which nobody said how.
const unaligned = (slice) => {
  const through = (fragment) => Fragment.from(fragment.content.map((node) =>
    (/^table_(cell|header)$/.test(node.type.name) && node.attrs.alignment === 'left'
      ? node.type.create({ ...node.attrs, alignment: null }, node.content, node.marks)
      : node.isLeaf ? node : node.copy(through(node.content)))));
  return new Slice(through(slice.content), slice.openStart, slice.openEnd);
};

// What the "/" menu offers: act, icon, more words by which it is found.
const blocks = [
  ['heading', 'heading', 'h2 titre title'], ['heading3', 'heading-small', 'h3'], ['bullets', 'list', 'ul puces'], ['numbers', 'list-ordered', 'ol'], ['tasks', 'list-checks', 'todo'],
  ['quote', 'quote', 'citation'], ['image', 'image', 'photo file fichier'], ['table', 'table', ''], ['rule', 'minus', 'hr separateur'], ['footnote', 'superscript', 'note'], ['codeblock', 'code', ''],
];
const marks = [['bold', 'bold'], ['italic', 'italic'], ['strike', 'strikethrough'], ['code', 'code'], ['link', 'link'], ['heading', 'heading'], ['quote', 'quote']];

const keys = (act) => {
  const by = (name) => () => { act(name); return true; };
  return {
    'Mod-b': by('bold'), 'Mod-i': by('italic'), 'Mod-k': by('link'), 'Mod-f': by('find'), 'Mod-h': by('find'),
    'Mod-Shift-x': by('strike'), 'Mod-e': by('code'), 'Mod-Alt-2': by('heading'), 'Mod-Alt-3': by('heading3'), 'Mod-Alt-0': by('paragraph'),
    'Mod-Shift-7': by('numbers'), 'Mod-Shift-8': by('bullets'), 'Mod-Shift-9': by('quote'), 'Mod-z': by('undo'), 'Mod-y': by('redo'), 'Mod-Shift-z': by('redo'),
    'Alt-F10': () => { const b = document.querySelector('.tools [data-md][tabindex="0"]'); if (b) b.focus(); return true; },
  };
};

