// Writing with a hand on the keyboard: marks around the selection, pictures where the cursor is (chosen, pasted or
// dropped), the cover at once. Without this the form does the same, picture by picture.
(() => {
  'use strict';
  const d = document;
  const form = d.querySelector('form.post-write');
  if (!form) return;
  const body = form.elements.body;
  const tools = form.querySelector('[data-tools]');
  const said = form.querySelector('[data-upload-said]');
  const tell = (el) => el.dispatchEvent(new Event('input', { bubbles: true }));

  // put replaces the selection so that Ctrl+Z takes it back; from and to are selected in what was put.
  const put = (text, from, to) => {
    body.focus();
    const at = body.selectionStart;
    if (!d.execCommand || !d.execCommand('insertText', false, text)) {
      body.setRangeText(text, at, body.selectionEnd, 'end');
    }
    if (from !== undefined) body.setSelectionRange(at + from, at + to);
    tell(body);
  };
  const chosen = () => body.value.slice(body.selectionStart, body.selectionEnd);
  const lineStart = () => body.value.lastIndexOf('\n', body.selectionStart - 1) + 1;
  const around = (mark) => { const t = chosen(); put(mark + t + mark, mark.length, mark.length + t.length); };
  const before = (mark) => {
    const s = body.selectionStart, e = body.selectionEnd;
    body.setSelectionRange(lineStart(), lineStart());
    put(mark);
    body.setSelectionRange(s + mark.length, e + mark.length);
  };
  const acts = {
    bold: () => around('**'),
    italic: () => around('*'),
    heading: () => before('## '),
    quote: () => before('> '),
    link: () => { const t = chosen(); put('[' + t + '](https://)', t.length + 3, t.length + 11); },
    image: () => picker.click(),
  };

  const send = async (file) => {
    const data = new FormData();
    data.append('file', file, file.name || 'image');
    const r = await fetch(form.dataset.upload, { method: 'POST', body: data, headers: { Accept: 'application/json' }, credentials: 'same-origin' });
    const got = await r.json().catch(() => ({}));
    if (!r.ok) throw new Error((got.errors && got.errors[0] && got.errors[0].detail) || got.detail || form.dataset.sayFailed);
    return got;
  };
  const asked = async (work) => {
    said.textContent = d.body.dataset.saySaving || '…';
    try { said.textContent = (await work()).note || ''; } catch (e) {
      said.textContent = e instanceof TypeError ? form.dataset.sayFailed : e.message;
    }
  };
  const insert = (file) => asked(async () => {
    const got = await send(file);
    const gap = body.value && body.selectionStart > lineStart() ? '\n\n' : '';
    if (!got.markdown.startsWith('![')) { put(gap + got.markdown + '\n\n'); return got; }
    // What the picture shows is asked for at once: the words to replace are selected.
    const words = got.alt || form.dataset.sayDescribe;
    put(gap + '![' + words + '](' + got.markdown.slice(got.markdown.lastIndexOf('](') + 2) + '\n\n', gap.length + 2, gap.length + 2 + words.length);
    return got;
  });

  const picker = d.createElement('input');
  picker.type = 'file';
  picker.accept = form.elements.file.accept;
  picker.addEventListener('change', () => { if (picker.files[0]) insert(picker.files[0]); picker.value = ''; });

  tools.hidden = false;
  tools.addEventListener('click', (e) => { const b = e.target.closest('[data-md]'); if (b) acts[b.dataset.md](); });
  body.addEventListener('keydown', (e) => {
    if (!(e.ctrlKey || e.metaKey) || e.altKey || e.shiftKey) return;
    const act = { b: 'bold', i: 'italic', k: 'link' }[e.key];
    if (act) { e.preventDefault(); acts[act](); }
  });
  // A title and what stands under it are one line each: Enter goes on to what follows.
  [[form.elements.title, form.elements.summary], [form.elements.summary, body]].forEach(([line, next]) => {
    if (!line) return;
    line.addEventListener('keydown', (e) => {
      if (e.key !== 'Enter' || e.isComposing || e.ctrlKey || e.metaKey) return;
      e.preventDefault();
      next.focus();
    });
  });
  const fileOf = (t) => t && [...t.files].find((f) => f.type.startsWith('image/'));
  body.addEventListener('paste', (e) => { const f = fileOf(e.clipboardData); if (f) { e.preventDefault(); insert(f); } });
  body.addEventListener('drop', (e) => { const f = fileOf(e.dataTransfer); if (f) { e.preventDefault(); insert(f); } });

  const cover = form.querySelector('[data-cover-file]');
  if (cover) {
    cover.addEventListener('change', () => {
      const file = cover.files[0];
      if (!file) return;
      asked(async () => {
        const got = await send(file);
        const box = cover.closest('[data-cover]');
        let img = box.querySelector('img');
        if (!img) {
          img = d.createElement('img');
          img.className = 'post-cover';
          img.alt = '';
          box.prepend(img);
        }
        img.src = got.src;
        form.elements.cover.value = got.id;
        cover.value = '';
        form.elements.cover_alt.focus();
        tell(form.elements.cover_alt);
        return got;
      });
    });
  }
})();
