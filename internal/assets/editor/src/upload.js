// Files on their way: pasted, dropped, chosen, or behind an address that was pasted with a text. While one is under way a line in
// the text says how far it is, and lets it be given up.
import { Plugin, PluginKey, NodeSelection } from '@milkdown/kit/prose/state';
import { Decoration, DecorationSet } from '@milkdown/kit/prose/view';
import { make, button } from './dom.js';
import { row } from './layout.js';

const key = new PluginKey('uploads');

/** Keeps the places in the text that files under way will take. */
export const uploads = () => new Plugin({
  key,
  state: {
    init: () => DecorationSet.empty,
    apply(tr, was) {
      let set = was.map(tr.mapping, tr.doc);
      const change = tr.getMeta(key);
      if (change && change.add) set = set.add(tr.doc, [Decoration.widget(change.add.at, change.add.dom, { id: change.add.id, side: -1 })]);
      if (change && change.drop) set = set.remove(set.find(null, null, (spec) => spec.id === change.drop));
      return set;
    },
  },
  props: { decorations: (state) => key.getState(state) },
});

const placeOf = (view, id) => {
  const [found] = key.getState(view.state).find(null, null, (spec) => spec.id === id);
  return found ? found.from : null;
};

/**
 * @param {object} o url: where files go; say: sentences; tell(sentence): where one is said
 * @returns {{send(view, files, at), replace(view, at), adopt(view), busy(): boolean}}
 */
export function sender(o) {
  let under = 0;
  const post = (data, progress, cancelled) => new Promise((done, fail) => {
    const x = new XMLHttpRequest();
    x.open('POST', o.url);
    x.setRequestHeader('Accept', 'application/json');
    x.responseType = 'json';
    x.upload.addEventListener('progress', (e) => { if (e.lengthComputable) progress(e.loaded / e.total); });
    x.addEventListener('load', () => {
      const got = x.response || {};
      if (x.status >= 200 && x.status < 300) done(got);
      else fail(new Error((got.errors && got.errors[0] && got.errors[0].detail) || got.detail || o.say.failed));
    });
    x.addEventListener('error', () => fail(new Error(o.say.failed)));
    x.addEventListener('abort', () => fail(null));
    cancelled(() => x.abort());
    x.send(data);
    under++;
    x.addEventListener('loadend', () => { under--; });
  });
  const bar = (name) => {
    const progress = make('progress', { max: '1', value: '0', 'aria-label': name });
    const stop = button('x', o.say.cancel + ' : ' + name, () => {});
    const dom = make('span', { class: 'ed-upload', contenteditable: 'false' }, make('span', { class: 'ed-upload-name' }, name), progress, stop);
    return { dom, progress, stop };
  };
  const form = (file) => {
    const data = new FormData();
    data.append('file', file, file.name || 'image.png');
    return data;
  };

  // send takes files and puts what comes of them where they were dropped; several pictures at once are a gallery.
  const send = async (view, files, at) => {
    const id = {}, { dom, progress, stop } = bar(files.map((f) => f.name || o.say.picture).join(', '));
    view.dispatch(view.state.tr.setMeta(key, { add: { id, at, dom } }));
    let abort = () => {}, given = false;
    stop.addEventListener('click', () => { given = true; abort(); });
    const got = [];
    for (const [i, file] of files.entries()) {
      if (given) break;
      try {
        const answer = await post(form(file), (part) => { progress.value = (i + part) / files.length; }, (f) => { abort = f; });
        got.push(answer);
        if (answer.note) o.tell(answer.note);
      } catch (e) { if (e) o.tell((file.name ? file.name + ' : ' : '') + e.message); }
    }
    const where = placeOf(view, id);
    const tr = view.state.tr.setMeta(key, { drop: id });
    if (where != null && got.length && !given) put(view, tr, where, got);
    view.dispatch(tr.scrollIntoView());
    if (got.length === 1 && !given) {
      const field = view.dom.querySelector('.ed-pic.chosen input');
      if (field) field.focus();
    }
  };

  const put = (view, tr, where, got) => {
    const { schema } = view.state;
    const pictures = got.filter((g) => g.markdown.startsWith('!['));
    const images = pictures.map((g) => schema.nodes.image.create({ src: g.markdown.slice(g.markdown.lastIndexOf('](') + 2, -1), alt: g.alt, title: '' }));
    const blocks = [];
    for (let i = 0; i < images.length; i += 9) blocks.push(row(schema, images.slice(i, i + 9)));
    for (const g of got.filter((one) => !one.markdown.startsWith('!['))) {
      const m = /^\[(.*)\]\((.*)\)$/.exec(g.markdown);
      if (m) blocks.push(schema.nodes.paragraph.create(null, schema.text(m[1], [schema.marks.link.create({ href: m[2] })])));
    }
    const $at = tr.doc.resolve(where);
    const empty = $at.parent.type.name === 'paragraph' && $at.parent.content.size === 0;
    const from = empty ? $at.before() : ($at.depth ? $at.after() : where);
    const to = empty ? $at.after() : from;
    tr.replaceWith(from, to, blocks);
    const end = tr.mapping.map(to);
    if (end >= tr.doc.content.size) tr.insert(tr.doc.content.size, schema.nodes.paragraph.create());
    if (images.length) tr.setSelection(NodeSelection.create(tr.doc, from + 1));
  };

  const pick = (multiple) => new Promise((done) => {
    const input = make('input', { type: 'file', accept: multiple ? o.accept : 'image/*', multiple });
    input.addEventListener('change', () => done([...input.files]));
    input.click();
  });

  return {
    busy: () => under > 0,
    send,
    async choose(view) {
      const files = await pick(true);
      if (files.length) await send(view, files, view.state.selection.from);
    },
    async replace(view, at) {
      const [file] = await pick(false);
      if (!file) return;
      try {
        const got = await post(form(file), () => {}, () => {});
        const node = view.state.doc.nodeAt(at);
        if (!node || node.type.name !== 'image' || !got.markdown.startsWith('![')) return;
        view.dispatch(view.state.tr.setNodeMarkup(at, null, { ...node.attrs, src: got.markdown.slice(got.markdown.lastIndexOf('](') + 2, -1) }));
      } catch (e) { if (e) o.tell(e.message); }
    },
    // adopt brings the pictures of a pasted text here: those that it holds itself, and those that stand elsewhere, which we fetch.
    async adopt(view) {
      const seen = new Set();
      view.state.doc.descendants((node) => {
        if (node.type.name === 'image' && /^(data:image\/|blob:|https?:\/\/)/i.test(node.attrs.src) && !node.attrs.src.startsWith(location.origin + '/')) seen.add(node.attrs.src);
      });
      for (const src of [...seen].slice(0, 50)) {
        let into = null;
        try {
          let data;
          if (/^https?:/i.test(src)) { data = new FormData(); data.append('url', src); } else data = form(await (await fetch(src)).blob());
          const got = await post(data, () => {}, () => {});
          if (got.markdown.startsWith('![')) into = got.markdown.slice(got.markdown.lastIndexOf('](') + 2, -1);
        } catch (e) { o.tell((e && e.message) || o.say.failed); }
        const tr = view.state.tr.setMeta('addToHistory', false);
        const places = [];
        view.state.doc.descendants((node, at) => { if (node.type.name === 'image' && node.attrs.src === src) places.push([at, node]); });
        for (const [at, node] of places.reverse()) {
          if (into) tr.setNodeMarkup(at, null, { ...node.attrs, src: into });
          else if (/^https?:/i.test(src)) tr.replaceWith(at, at + 1, view.state.schema.text(node.attrs.alt || src, [view.state.schema.marks.link.create({ href: src })]));
          else tr.delete(at, at + 1);
        }
        view.dispatch(tr);
      }
    },
  };
}
