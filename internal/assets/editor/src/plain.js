// The plain field: Markdown as it is kept, for who likes it, for screen readers, for the machine on which nothing else runs. The same
// bar stands over it, and what each of its buttons writes can be taken back with Ctrl+Z.
const d = document;

/** @param {object} o form, body, say, said: where a sentence stands, accept: kinds of files */
export function plain({ form, body, say, said, accept }) {
  const tell = () => body.dispatchEvent(new Event('input', { bubbles: true }));
  // put replaces the selection so that Ctrl+Z takes it back; from and to are selected in what was put.
  const put = (text, from, to) => {
    body.focus();
    const at = body.selectionStart;
    if (!d.execCommand || !d.execCommand('insertText', false, text)) body.setRangeText(text, at, body.selectionEnd, 'end');
    if (from !== undefined) body.setSelectionRange(at + from, at + to);
    tell();
  };
  const chosen = () => body.value.slice(body.selectionStart, body.selectionEnd);
  const lineStart = () => body.value.lastIndexOf('\n', body.selectionStart - 1) + 1;
  const around = (mark) => { const t = chosen(); put(mark + t + mark, mark.length, mark.length + t.length); };
  // before puts a mark at the beginning of each line that is chosen.
  const before = (mark) => {
    const s = lineStart(), e = body.selectionEnd;
    const lines = body.value.slice(s, e).split('\n');
    const text = lines.map((l, i) => (typeof mark === 'function' ? mark(i) : mark) + l).join('\n');
    body.setSelectionRange(s, e);
    put(text, text.length, text.length);
  };
  const block = (text, from, to) => {
    const gap = body.selectionStart > lineStart() ? '\n\n' : '';
    put(gap + text + '\n\n', gap.length + from, gap.length + to);
  };
  const footnote = () => {
    let n = 1;
    while (body.value.includes('[^' + n + ']')) n++;
    put('[^' + n + ']');
    const at = body.value.replace(/\s+$/, '').length;
    body.setSelectionRange(at, body.value.length);
    put('\n\n[^' + n + ']: ');
  };
  const send = async (file) => {
    const data = new FormData();
    data.append('file', file, file.name || 'image');
    const r = await fetch(form.dataset.upload, { method: 'POST', body: data, headers: { Accept: 'application/json' }, credentials: 'same-origin' });
    const got = await r.json().catch(() => ({}));
    if (!r.ok) throw new Error((got.errors && got.errors[0] && got.errors[0].detail) || got.detail || say.failed);
    return got;
  };
  const asked = async (work) => {
    said.textContent = d.body.dataset.saySaving || '…';
    try { said.textContent = (await work()).note || ''; } catch (e) {
      said.textContent = e instanceof TypeError ? say.failed : e.message;
    }
  };
  // A picture goes in without words for those who do not see it, and the cursor stands where they are written: nothing invented is published.
  const insert = (file) => asked(async () => {
    const got = await send(file);
    const gap = body.value && body.selectionStart > lineStart() ? '\n\n' : '';
    if (!got.markdown.startsWith('![')) { put(gap + got.markdown + '\n\n'); return got; }
    put(gap + '![' + got.alt + '](' + got.markdown.slice(got.markdown.lastIndexOf('](') + 2) + '\n\n', gap.length + 2, gap.length + 2 + got.alt.length);
    return got.alt ? got : { note: got.note || say.describe_here };
  });
  const picker = d.createElement('input');
  picker.type = 'file';
  picker.accept = accept;
  picker.addEventListener('change', () => { if (picker.files[0]) insert(picker.files[0]); picker.value = ''; });

  const acts = {
    bold: () => around('**'), italic: () => around('*'), strike: () => around('~~'), code: () => around('`'),
    heading: () => before('## '), heading3: () => before('### '), quote: () => before('> '),
    bullets: () => before('- '), numbers: () => before((i) => (i + 1) + '. '), tasks: () => before('- [ ] '),
    rule: () => block('---', 3, 3), table: () => block('| ' + say.column + ' | ' + say.column + ' |\n| --- | --- |\n|  |  |', 2, 2 + say.column.length),
    link: () => { const t = chosen(); put('[' + t + '](https://)', t ? t.length + 3 : 1, t ? t.length + 11 : 1); },
    image: () => picker.click(), footnote, undo: () => { body.focus(); d.execCommand('undo'); }, redo: () => { body.focus(); d.execCommand('redo'); },
  };
  const act = (name) => { if (acts[name]) acts[name](); };
  body.addEventListener('keydown', (e) => {
    if (!(e.ctrlKey || e.metaKey) || e.altKey || e.shiftKey) return;
    const name = { b: 'bold', i: 'italic', k: 'link' }[e.key];
    if (name) { e.preventDefault(); act(name); }
  });
  const fileOf = (t) => t && [...t.files][0];
  body.addEventListener('paste', (e) => {
    const f = fileOf(e.clipboardData), text = e.clipboardData.getData('text/plain').trim();
    if (f && !text) { e.preventDefault(); insert(f); return; }
    if (chosen() && /^https?:\/\/\S+$/.test(text)) { e.preventDefault(); const t = chosen(); put('[' + t + '](' + text + ')'); }
  });
  body.addEventListener('drop', (e) => { const f = fileOf(e.dataTransfer); if (f) { e.preventDefault(); insert(f); } });
  return { act, send, asked };
}
