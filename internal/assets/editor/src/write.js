// The writing page with a script: the bar of tools over the field, pictures where the cursor is, the cover at once; and the laid-out
// editor, brought only for whom it is for. Without this the form does the same, picture by picture.
import { plain } from './plain.js';

const d = document;
const form = d.querySelector('form.post-write');

const tell = (el) => el.dispatchEvent(new Event('input', { bubbles: true }));

function begin() {
  const body = form.elements.body;
  const tools = form.querySelector('[data-tools]');
  const said = form.querySelector('[data-upload-said]');
  const say = JSON.parse(form.dataset.says);
  const file = form.elements.file;
  const field = plain({ form, body, say, said, accept: file.accept });
  let rich = null;

  const act = (name) => (rich ? rich.act(name) : field.act(name));
  tools.hidden = false;
  tools.addEventListener('click', (e) => { const b = e.target.closest('[data-md]'); if (b) act(b.dataset.md); });
  roving(tools);

  const lang = () => (form.elements.lang ? form.elements.lang.value : d.documentElement.lang);
  const edit = async (src, change) => {
    const id = /\/media\/([0-9a-z]+)\//.exec(src);
    if (!id) return null;
    const data = new URLSearchParams(change.crop ? Object.entries(change.crop).map(([k, v]) => [k, String(v)]) : { turn: String(change.turn) });
    try {
      const r = await fetch(`/app/media/${id[1]}/edit`, { method: 'POST', body: data, headers: { Accept: 'application/json' }, credentials: 'same-origin' });
      const got = await r.json();
      if (!r.ok) throw new Error(got.detail || say.failed);
      return `/media/${got.id}/960`;
    } catch (e) {
      said.textContent = e instanceof TypeError ? say.failed : e.message;
      return null;
    }
  };

  const choice = form.querySelector('[data-editor-choice]');
  const why = form.querySelector('[data-editor-why]');
  const show = () => {
    if (!choice) return;
    choice.hidden = false;
    choice.textContent = rich ? say.to_plain : say.to_rich;
  };
  const open = async () => {
    const { start } = await import(form.dataset.rich);
    const got = await start({ form, body, say, tools, lang, edit, accept: file.accept, tell: (s) => { said.textContent = s; } });
    rich = got.why ? null : got;
    if (why) { why.textContent = got.why || ''; why.hidden = !got.why; }
    show();
    form.dataset.editorReady = rich ? 'rich' : 'plain';
  };
  const remember = (mode) => fetch(form.dataset.choose, { method: 'POST', body: new URLSearchParams({ editor: mode }), headers: { Accept: 'application/json' }, credentials: 'same-origin' }).catch(() => {});
  if (choice) {
    choice.addEventListener('click', async () => {
      if (rich) {
        rich.close();
        rich = null;
        form.dataset.editorReady = 'plain';
        show();
        tell(body);
        body.focus();
        remember('plain');
        return;
      }
      remember('rich');
      await open();
      if (rich) rich.focus();
    });
  }
  if (form.dataset.editor === 'rich') open().catch(() => { show(); form.dataset.editorReady = 'plain'; });
  else { show(); form.dataset.editorReady = 'plain'; }

  // A title and what stands under it are one line each: Enter goes on to what follows.
  const next = (line, to) => {
    if (!line) return;
    line.addEventListener('keydown', (e) => {
      if (e.key !== 'Enter' || e.isComposing || e.ctrlKey || e.metaKey) return;
      e.preventDefault();
      to();
    });
  };
  next(form.elements.title, () => form.elements.summary.focus());
  next(form.elements.summary, () => (rich ? rich.focus() : body.focus()));

  cover(field, said);
}

// One button of the bar is in the order of Tab; arrows go on (WAI-ARIA toolbar).
function roving(bar) {
  const all = () => [...bar.querySelectorAll('button')].filter((b) => !b.hidden);
  bar.setAttribute('role', 'toolbar');
  const only = (b) => bar.querySelectorAll('button').forEach((x) => { x.tabIndex = x === b ? 0 : -1; });
  only(all()[0]);
  bar.addEventListener('focusin', (e) => { const b = e.target.closest('button'); if (b) only(b); });
  bar.addEventListener('keydown', (e) => {
    const buttons = all(), at = buttons.indexOf(d.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[e.key];
    if (to === undefined || at < 0) return;
    e.preventDefault();
    buttons[(to + buttons.length) % buttons.length].focus();
  });
}

function cover(field, said) {
  const input = form.querySelector('[data-cover-file]');
  if (!input) return;
  input.addEventListener('change', () => {
    const file = input.files[0];
    if (!file) return;
    field.asked(async () => {
      const got = await field.send(file);
      const box = input.closest('[data-cover]');
      let img = box.querySelector('img');
      if (!img) {
        img = d.createElement('img');
        img.className = 'post-cover';
        img.alt = '';
        box.prepend(img);
      }
      img.src = got.src;
      form.elements.cover.value = got.id;
      input.value = '';
      form.elements.cover_alt.focus();
      tell(form.elements.cover_alt);
      return got;
    });
  });
}

if (form) begin();
