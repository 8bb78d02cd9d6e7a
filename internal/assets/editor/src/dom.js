// Small makers of elements, for what the editor draws by itself.

/** make('button', {type: 'button', class: 'x', 'aria-label': 'y', onclick: f}, child...) */
export function make(tag, attrs = {}, ...children) {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(attrs)) {
    if (value == null || value === false) continue;
    if (name.startsWith('on')) el.addEventListener(name.slice(2), value);
    else if (name === 'class') el.className = value;
    else if (name === 'value') el.value = value;
    else el.setAttribute(name, value === true ? '' : value);
  }
  el.append(...children.filter((c) => c != null));
  return el;
}

/** The drawing of an icon that the page holds in <template data-icons>. */
export function icon(name) {
  const from = document.querySelector('template[data-icons]');
  const drawn = from && from.content.querySelector(`[data-icon="${name}"] svg`);
  return drawn ? drawn.cloneNode(true) : document.createTextNode('');
}

/** A button of the editor's own: an icon with a name. */
export function button(name, label, onclick, more = {}) {
  return make('button', { type: 'button', class: 'ed-btn', 'aria-label': label, title: label, onclick, ...more }, icon(name));
}

/** Stands box near a rectangle of the window, under it where there is room, inside the pane. */
export function place(box, rect, above = false) {
  const host = box.offsetParent || document.body;
  const to = host.getBoundingClientRect();
  const width = box.offsetWidth, height = box.offsetHeight;
  const left = Math.max(0, Math.min(rect.left - to.left, to.width - width));
  const under = rect.bottom - to.top + 6, over = rect.top - to.top - height - 6;
  const fits = rect.bottom + height + 12 < innerHeight;
  const top = above ? (rect.top - height - 12 > 56 ? over : under) : (fits || over < 0 ? under : over);
  box.style.left = left + 'px'; // by CSSOM, which our policy allows
  box.style.top = top + 'px';
}
