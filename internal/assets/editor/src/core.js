// The text as one sees it, over Markdown as it is kept: Milkdown's parser, schema and serialiser, without its looks.
import { Editor, defaultValueCtx, editorViewCtx, editorViewOptionsCtx, parserCtx, remarkStringifyOptionsCtx, rootCtx, serializerCtx } from '@milkdown/kit/core';
import { commonmark, imageSchema, remarkPreserveEmptyLinePlugin, syncHeadingIdPlugin } from '@milkdown/kit/preset/commonmark';
import { gfm } from '@milkdown/kit/preset/gfm';
import { history } from '@milkdown/kit/plugin/history';
import { clipboard } from '@milkdown/kit/plugin/clipboard';
import { $prose } from '@milkdown/kit/utils';

// How Markdown is written: the marks that people type most, lists set in by one blank.
const hand = {
  bullet: '-', rule: '-', fence: '`', fences: true, listItemIndent: 'one', emphasis: '*', strong: '*',
  incrementListMarker: true, resourceLink: false, tightDefinitions: true,
};

// What the preset does that would write into a text what nobody typed: <br /> for an empty line, ids of headings.
const unwanted = new Set([...[remarkPreserveEmptyLinePlugin].flat(), syncHeadingIdPlugin]);

// A picture without a title, or without words, is one too: the preset would have it be text.
const picture = imageSchema.extendSchema((prev) => (ctx) => {
  const base = prev(ctx);
  return {
    ...base,
    parseMarkdown: {
      ...base.parseMarkdown,
      runner: (state, node, type) => state.addNode(type, { src: node.url || '', alt: node.alt || '', title: node.title || '' }),
    },
  };
});

/**
 * Opens a text for writing.
 * @param {object} o root: where it stands; markdown: the text; attributes: of the editable element;
 *   plugins: of ProseMirror; nodeViews: by name of node; hand: props for the view (paste and so on).
 * @returns {Promise<{view, read: () => string, parse: (md: string) => Node, destroy: () => void}>}
 */
export async function open(o) {
  const editor = Editor.make()
    .config((ctx) => {
      ctx.set(rootCtx, o.root);
      ctx.set(defaultValueCtx, o.markdown);
      ctx.update(remarkStringifyOptionsCtx, (was) => ({ ...was, ...hand }));
      ctx.update(editorViewOptionsCtx, (was) => ({ ...was, attributes: o.attributes, nodeViews: o.nodeViews || {}, ...o.hand }));
    })
    .use(commonmark.filter((p) => !unwanted.has(p)))
    .use(gfm)
    .use(picture)
    .use(history)
    .use(clipboard);
  for (const plugin of o.plugins || []) editor.use($prose(() => plugin));
  await editor.create();
  const view = editor.ctx.get(editorViewCtx);
  const serializer = editor.ctx.get(serializerCtx);
  const parser = editor.ctx.get(parserCtx);
  return {
    view,
    read: () => serializer(view.state.doc),
    parse: (md) => parser(md),
    destroy: () => editor.destroy(),
  };
}
