// A picture in the text: what it shows and its caption are asked for beneath it, and how it stands is chosen there.
import { NodeSelection, TextSelection } from '@milkdown/kit/prose/state';
import { make, button } from './dom.js';
import { only, parts, row, titleOf } from './layout.js';
import { crop } from './crop.js';

const isOurs = (src) => /^\/media\//.test(src) || src.startsWith(location.origin + '/media/');
const isFile = (src) => isOurs(src) && src.endsWith('/original');

/** @param {object} o say: sentences; edit(id, change): a picture turned or cut, asked of the server; replace(view, at): another file in its place */
export function pictureView(o) {
  return (node, view, getPos) => new Picture(o, node, view, getPos);
}

class Picture {
  constructor(o, node, view, getPos) {
    Object.assign(this, { o, node, view, getPos });
    const { say } = o;
    this.img = make('img', { class: 'ed-img', draggable: 'false' });
    this.sign = make('p', { class: 'ed-lacks' }, say.alt_missing);
    this.waits = make('p', { class: 'ed-waits' }, say.fetching);
    this.alt = make('input', { class: 'input', type: 'text', maxlength: '500', placeholder: say.alt_hint, 'aria-label': say.alt });
    this.caption = make('input', { class: 'input', type: 'text', maxlength: '500', placeholder: say.caption_hint, 'aria-label': say.caption });
    const act = (name, label, f) => button(name, label, (e) => { e.preventDefault(); f(); });
    this.ways = [['', 'image', say.layout_plain], ['wide', 'picture-wide', say.layout_wide], ['beside', 'picture-beside', say.layout_beside]].map(([way, sign, label]) => {
      const b = act(sign, label, () => this.set({ title: titleOf(way, this.caption.value) }));
      b.dataset.way = way;
      return b;
    });
    this.join = act('grid', say.gallery_join, () => this.gather());
    this.part = act('ungroup', say.gallery_part, () => this.leave());
    this.earlier = act('arrow-left', say.move_earlier, () => this.move(-1));
    this.later = act('arrow-right', say.move_later, () => this.move(1));
    this.turn = act('rotate', say.turn, () => this.edit({ turn: 90 }));
    this.cut = act('crop', say.crop, async () => {
      const box = await crop(this.img, say);
      if (box) this.edit({ crop: box });
    });
    this.swap = act('refresh', say.replace, () => o.replace(this.view, this.getPos()));
    this.drop = act('trash', say.remove, () => this.remove());
    this.tools = make('span', { class: 'ed-pic-tools', role: 'group', 'aria-label': say.picture }, ...this.ways, this.join, this.part, this.earlier, this.later,
      this.turn, this.cut, this.swap, this.drop);
    this.form = make('span', { class: 'ed-pic-form' }, this.alt, this.caption, this.tools);
    this.dom = make('span', { class: 'ed-pic', contenteditable: 'false' }, this.img, this.sign, this.waits, this.form);
    this.alt.addEventListener('input', () => this.set({ alt: this.alt.value }));
    this.caption.addEventListener('input', () => this.set({ title: titleOf(parts(this.node.attrs.title).layout, this.caption.value) }));
    this.form.addEventListener('keydown', (e) => this.key(e));
    this.img.addEventListener('click', () => this.select());
    this.show();
  }

  show() {
    const { src, alt, title } = this.node.attrs;
    const { layout, caption } = parts(title);
    const file = isFile(src);
    const here = isOurs(src) || src.startsWith('/') || src.startsWith('blob:') || src.startsWith('data:');
    this.waits.hidden = here;
    this.img.hidden = !here || file;
    if (here && !file && this.img.getAttribute('src') !== src) this.img.src = src;
    this.img.alt = alt;
    this.dom.classList.toggle('file', file);
    this.sign.textContent = file ? alt || caption || this.o.say.file : this.o.say.alt_missing;
    this.sign.hidden = !file && Boolean(alt.trim());
    this.sign.classList.toggle('named', file);
    if (document.activeElement !== this.alt) this.alt.value = alt;
    if (document.activeElement !== this.caption) this.caption.value = caption;
    this.ways.forEach((b) => b.setAttribute('aria-pressed', String(b.dataset.way === layout)));
    const set = this.siblings();
    const alone = set.images.length < 2;
    this.ways.forEach((b) => { b.hidden = !alone || file; });
    this.join.hidden = file || !this.before();
    this.part.hidden = this.earlier.hidden = this.later.hidden = alone;
    this.turn.hidden = this.cut.hidden = file || !isOurs(src);
  }

  // siblings returns the pictures of its paragraph, and which of them it is; none where there are words too.
  siblings() {
    const at = this.getPos();
    if (at == null) return { images: [], index: -1 };
    const $at = this.view.state.doc.resolve(at);
    const images = only($at.parent) || [];
    return { $at, images, index: images.findIndex((i) => $at.start() + i.offset === at) };
  }

  // before returns the paragraph of pictures above, where this one fits.
  before() {
    const { $at, images } = this.siblings();
    if (!$at || !images.length || $at.depth < 1) return null;
    const above = $at.index($at.depth - 1) > 0 ? $at.node($at.depth - 1).child($at.index($at.depth - 1) - 1) : null;
    const there = above && only(above);
    return there && there.length + images.length <= 9 ? { above, there } : null;
  }

  update(node) {
    if (node.type !== this.node.type) return false;
    this.node = node;
    this.show();
    return true;
  }

  set(attrs) {
    const at = this.getPos();
    this.view.dispatch(this.view.state.tr.setNodeMarkup(at, null, { ...this.node.attrs, ...attrs }));
  }

  select() {
    const at = this.getPos();
    this.view.dispatch(this.view.state.tr.setSelection(NodeSelection.create(this.view.state.doc, at)));
  }

  // rewrite puts other pictures in the place of its paragraph; focus says which of them stays chosen.
  rewrite(images, focus, from, to) {
    const { state } = this.view;
    const tr = state.tr;
    if (images.length) tr.replaceWith(from, to, row(state.schema, images)); else tr.replaceWith(from, to, state.schema.nodes.paragraph.create());
    let at = from + 1;
    for (let i = 0; i < focus; i++) at += 2; // a picture and a line end are one each
    if (images.length) tr.setSelection(NodeSelection.create(tr.doc, at)); else tr.setSelection(TextSelection.create(tr.doc, from + 1));
    this.view.dispatch(tr.scrollIntoView());
  }

  move(by) {
    const { $at, images, index } = this.siblings();
    const to = index + by;
    if (to < 0 || to >= images.length) return;
    const nodes = images.map((i) => i.node);
    nodes.splice(to, 0, nodes.splice(index, 1)[0]);
    this.rewrite(nodes, to, $at.before(), $at.after());
  }

  gather() {
    const found = this.before();
    if (!found) return;
    const { $at, images, index } = this.siblings();
    const nodes = [...found.there.map((i) => i.node), ...images.map((i) => i.node)].map((n) => n.type.create({ ...n.attrs, title: parts(n.attrs.title).caption }));
    this.rewrite(nodes, found.there.length + index, $at.before() - found.above.nodeSize, $at.after());
  }

  leave() {
    const { $at, images, index } = this.siblings();
    const { state } = this.view;
    const rest = images.filter((_, i) => i !== index).map((i) => i.node);
    const tr = state.tr.replaceWith($at.before(), $at.after(), [row(state.schema, rest), row(state.schema, [this.node])]);
    this.view.dispatch(tr.scrollIntoView());
  }

  remove() {
    const { $at, images, index } = this.siblings();
    if (images.length) {
      const rest = images.filter((_, i) => i !== index).map((i) => i.node);
      this.rewrite(rest, Math.max(0, index - 1), $at.before(), $at.after());
    } else this.view.dispatch(this.view.state.tr.delete(this.getPos(), this.getPos() + 1));
    this.view.focus();
  }

  async edit(change) {
    this.dom.classList.add('busy');
    const got = await this.o.edit(this.node.attrs.src, change);
    this.dom.classList.remove('busy');
    if (got && this.getPos() != null) this.set({ src: got });
  }

  key(e) {
    if (e.key !== 'Enter' && e.key !== 'Escape') return;
    if (e.target.tagName !== 'INPUT' && e.key === 'Enter') return;
    e.preventDefault();
    // On to what follows: a line under the picture.
    const { state } = this.view;
    const after = state.doc.resolve(this.getPos()).after();
    const tr = state.tr;
    if (after >= tr.doc.content.size) tr.insert(after, state.schema.nodes.paragraph.create());
    this.view.dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(after), 1)));
    this.view.focus();
  }

  selectNode() { this.dom.classList.add('chosen'); this.show(); }
  deselectNode() { if (!this.form.contains(document.activeElement)) this.dom.classList.remove('chosen'); }
  stopEvent(e) { return this.form.contains(e.target); }
  ignoreMutation() { return true; }
}
