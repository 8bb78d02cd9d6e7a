// What the buttons, the keys, the "/" menu and the bubble do, by name.
import { lift, setBlockType, toggleMark, wrapIn } from '@milkdown/kit/prose/commands';
import { redo, undo } from '@milkdown/kit/prose/history';
import { liftListItem, wrapInList } from '@milkdown/kit/prose/schema-list';
import { TextSelection } from '@milkdown/kit/prose/state';
import { addColumnAfter, addRowAfter, deleteColumn, deleteRow, deleteTable, isInTable } from '@milkdown/kit/prose/tables';

const inside = (state, name) => {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth--) if ($from.node(depth).type.name === name) return $from.node(depth);
  return null;
};

// turn makes the blocks of a selection type, or a paragraph again where they are it.
const turn = (name, attrs) => (state, dispatch) => {
  const { nodes } = state.schema;
  const block = state.selection.$from.parent;
  const already = block.type.name === name && Object.entries(attrs || {}).every(([k, v]) => block.attrs[k] === v);
  return setBlockType(already ? nodes.paragraph : nodes[name], already ? null : attrs)(state, dispatch);
};

const wrap = (name) => (state, dispatch) =>
  inside(state, name) ? lift(state, dispatch) : wrapIn(state.schema.nodes[name])(state, dispatch);

const list = (name, checked) => (state, dispatch) => {
  const { nodes } = state.schema;
  const item = inside(state, 'list_item');
  if (item && inside(state, name) && (item.attrs.checked != null) === (checked != null)) return liftListItem(nodes.list_item)(state, dispatch);
  if (!item) {
    if (checked == null) return wrapInList(nodes[name])(state, dispatch);
    return wrapInList(nodes[name])(state, dispatch && ((tr) => dispatch(check(tr, checked))));
  }
  if (!dispatch) return true;
  const tr = state.tr;
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth--) {
    const node = $from.node(depth);
    if (node.type.name === 'list_item') tr.setNodeMarkup($from.before(depth), null, { ...node.attrs, checked: checked ?? null, listType: name === 'ordered_list' ? 'ordered' : 'bullet' });
    if (node.type === nodes.bullet_list || node.type === nodes.ordered_list) {
      tr.setNodeMarkup($from.before(depth), nodes[name], { spread: node.attrs.spread });
      break;
    }
  }
  dispatch(tr);
  return true;
};

// check makes tasks of the items that a selection touches.
const check = (tr, checked) => {
  tr.doc.nodesBetween(tr.selection.from, tr.selection.to, (node, at) => {
    if (node.type.name === 'list_item') tr.setNodeMarkup(at, null, { ...node.attrs, checked });
  });
  return tr;
};

// put stands a block where the cursor is, with a paragraph behind it, and goes into it.
const put = (make, offset = 1) => (state, dispatch) => {
  if (!dispatch) return true;
  const { $from } = state.selection;
  const node = make(state.schema.nodes);
  const empty = $from.depth === 1 && $from.parent.isTextblock && $from.parent.content.size === 0;
  const at = empty ? $from.before(1) : $from.after(1);
  const tr = empty ? state.tr.replaceWith(at, $from.after(1), node) : state.tr.insert(at, node);
  const end = at + node.nodeSize;
  if (end >= tr.doc.content.size) tr.insert(end, state.schema.nodes.paragraph.create());
  tr.setSelection(TextSelection.near(tr.doc.resolve(node.isLeaf ? end : at + offset)));
  dispatch(tr.scrollIntoView());
  return true;
};

const table = (nodes) => {
  const row = (kind, cell) => nodes[kind].create(null, [0, 1, 2].map(() => nodes[cell].create({ alignment: null }, nodes.paragraph.create())));
  return nodes.table.create(null, [row('table_header_row', 'table_header'), row('table_row', 'table_cell'), row('table_row', 'table_cell')]);
};

// footnote puts the next number at the cursor, and its text at the end.
const footnote = (state, dispatch) => {
  if (!dispatch) return true;
  const { nodes } = state.schema;
  const taken = new Set();
  state.doc.descendants((node) => { if (node.type === nodes.footnote_reference || node.type === nodes.footnote_definition) taken.add(node.attrs.label); });
  let n = 1;
  while (taken.has(String(n))) n++;
  const label = String(n);
  const tr = state.tr.replaceSelectionWith(nodes.footnote_reference.create({ label }), false);
  const at = tr.doc.content.size;
  tr.insert(at, nodes.footnote_definition.create({ label }, nodes.paragraph.create()));
  tr.setSelection(TextSelection.near(tr.doc.resolve(at + 2)));
  dispatch(tr.scrollIntoView());
  return true;
};

// quoteOf makes a quotation of what is there, with a line for whose it is: "— " begins the last one.
const quote = wrap('blockquote');

const mark = (name) => (state, dispatch) => toggleMark(state.schema.marks[name])(state, dispatch);

/** Commands of ProseMirror by the name that a button has. */
export const acts = {
  bold: mark('strong'),
  italic: mark('emphasis'),
  strike: mark('strike_through'),
  code: mark('inlineCode'),
  paragraph: (state, dispatch) => setBlockType(state.schema.nodes.paragraph)(state, dispatch),
  heading: turn('heading', { level: 2 }),
  heading3: turn('heading', { level: 3 }),
  codeblock: turn('code_block'),
  quote,
  bullets: list('bullet_list'),
  numbers: list('ordered_list'),
  tasks: list('bullet_list', false),
  rule: put((nodes) => nodes.hr.create()),
  table: put(table, 3),
  footnote,
  undo, redo,
  row: addRowAfter, column: addColumnAfter, norow: deleteRow, nocolumn: deleteColumn, notable: deleteTable,
};

/** Whether the cursor stands in what an act makes, so that its button is pressed. */
export function holds(state, name) {
  const { from, $from, to, empty } = state.selection;
  const marked = (type) => type && (empty ? Boolean(type.isInSet(state.storedMarks || $from.marks())) : state.doc.rangeHasMark(from, to, type));
  const { marks } = state.schema;
  switch (name) {
    case 'bold': return marked(marks.strong);
    case 'italic': return marked(marks.emphasis);
    case 'strike': return marked(marks.strike_through);
    case 'code': return marked(marks.inlineCode);
    case 'link': return marked(marks.link);
    case 'heading': return $from.parent.type.name === 'heading' && $from.parent.attrs.level <= 2;
    case 'heading3': return $from.parent.type.name === 'heading' && $from.parent.attrs.level > 2;
    case 'codeblock': return $from.parent.type.name === 'code_block';
    case 'quote': return Boolean(inside(state, 'blockquote'));
    case 'bullets': case 'numbers': case 'tasks': {
      const item = inside(state, 'list_item');
      if (!item) return false;
      if (item.attrs.checked != null) return name === 'tasks';
      return name === (inside(state, 'ordered_list') && item.attrs.listType === 'ordered' ? 'numbers' : 'bullets');
    }
    case 'table': return isInTable(state);
    default: return false;
  }
}

/** Runs an act where it applies, and gives the text the hand again. */
export function run(view, name) {
  const act = acts[name];
  if (!act) return false;
  const done = act(view.state, view.dispatch, view);
  view.focus();
  return done;
}
