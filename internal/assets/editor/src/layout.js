// How pictures stand: alone, wide, beside the text, or two to nine in a gallery. In Markdown the first word of a picture's title
// says so ({wide}, {beside}); pictures that share a paragraph, each on its line, are a gallery.
import { Plugin, PluginKey } from '@milkdown/kit/prose/state';
import { Decoration, DecorationSet } from '@milkdown/kit/prose/view';

const key = new PluginKey('picture-layout');
const marker = /^\{(wide|beside)\}\s*/;

/** '{wide} Le pont' -> {layout: 'wide', caption: 'Le pont'} */
export function parts(title) {
  const m = marker.exec(title || '');
  return m ? { layout: m[1], caption: title.slice(m[0].length) } : { layout: '', caption: title || '' };
}

/** The title that says both again. */
export const titleOf = (layout, caption) => (layout ? '{' + layout + '}' + (caption ? ' ' + caption : '') : caption);

const isBlank = (node) => node.type.name === 'hardbreak' || (node.isText && !node.text.trim());

/** The pictures of a paragraph that holds nothing else, null of another. */
export function only(paragraph) {
  if (paragraph.type.name !== 'paragraph' || !paragraph.childCount) return null;
  const found = [];
  let other = false;
  paragraph.forEach((node, offset) => {
    if (node.type.name === 'image') found.push({ node, offset });
    else if (!isBlank(node)) other = true;
  });
  return other || !found.length ? null : found;
}

/** A paragraph of pictures, each on its line. */
export function row(schema, images) {
  const content = [];
  images.forEach((image, i) => {
    if (i) content.push(schema.nodes.hardbreak.create({ isInline: true }));
    content.push(image);
  });
  return schema.nodes.paragraph.create(null, content);
}

const classes = (doc) => {
  const found = [];
  doc.descendants((node, at) => {
    if (node.type.name !== 'paragraph') return !node.isTextblock;
    const images = only(node);
    if (!images) return false;
    const layout = images.length === 1 ? parts(images[0].node.attrs.title).layout || 'alone' : 'gallery';
    found.push(Decoration.node(at, at + node.nodeSize, { class: 'ed-pictures ' + layout }));
    return false;
  });
  return DecorationSet.create(doc, found);
};

/** Marks the paragraphs of pictures with how they stand, for the styles. */
export const layouts = () => new Plugin({
  key,
  state: {
    init: (_, state) => classes(state.doc),
    apply(tr, was) {
      if (!tr.docChanged) return was;
      // Only where a picture is or was can something change.
      let pictures = false;
      tr.steps.forEach((step, i) => step.getMap().forEach((a, b, c, d) => {
        const look = (doc, from, to) => doc.nodesBetween(Math.max(0, from - 1), Math.min(doc.content.size, to + 1), (n) => {
          if (n.type.name === 'image') pictures = true;
          else if (n.type.name === 'paragraph' && only(n)) pictures = true;
          return !pictures;
        });
        look(tr.docs[i], a, b);
        look(tr.docs[i + 1] || tr.doc, c, d);
      }));
      return pictures ? classes(tr.doc) : was.map(tr.mapping, tr.doc);
    },
  },
  props: { decorations: (state) => key.getState(state) },
});
