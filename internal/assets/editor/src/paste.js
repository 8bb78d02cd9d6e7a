// What comes from Word, Google Docs, LibreOffice, mail and the web, made plain: what carries meaning stays (bold, italic, headings,
// lists, tables, links, pictures), what only looked goes. It is done on a document that is in no page, so nothing of it is loaded.

const heavy = (weight) => weight === 'bold' || Number(weight) >= 600;

// retag puts what an element holds into a new one of that name, inside of it.
const inside = (el, name) => {
  const in_ = el.ownerDocument.createElement(name);
  in_.append(...el.childNodes);
  el.append(in_);
};

const unwrap = (el) => el.replaceWith(...el.childNodes);

// Our policy lets no attribute style be applied, not even in a document that is in no page: they are read from another name.
const unstyled = (html) => html.replace(/<[a-z][^<>]*>/gi, (tag) => tag.replace(/\sstyle\s*=/gi, ' data-style='));
const styleOf = (el) => {
  const probe = document.createElement('span');
  probe.style.cssText = el.dataset.style || '';
  return probe.style;
};

// Styles say what the elements of Google Docs, LibreOffice and mail do not.
const fromStyles = (body) => {
  for (const el of body.querySelectorAll('[data-style]')) {
    const s = styleOf(el);
    const block = /^(P|H[1-6]|LI|TD|TH|DIV|UL|OL|TABLE|BLOCKQUOTE)$/.test(el.tagName);
    const plainBold = (el.tagName === 'B' || el.tagName === 'STRONG') && s.fontWeight && !heavy(s.fontWeight);
    const plainItalic = (el.tagName === 'I' || el.tagName === 'EM') && s.fontStyle === 'normal';
    if (!block || el.tagName === 'P') {
      if (heavy(s.fontWeight) && !el.closest('b,strong,h1,h2,h3,h4,h5,h6,th')) inside(el, 'strong');
      if (s.fontStyle === 'italic' && !el.closest('i,em')) inside(el, 'em');
      if (/line-through/.test(s.textDecorationLine || s.textDecoration) && !el.closest('del,s,a')) inside(el, 'del');
      if (/mono|courier|consolas/i.test(s.fontFamily) && !el.closest('code,pre') && !block) inside(el, 'code');
    }
    if (plainBold || plainItalic) unwrap(el);
  }
};

// Word writes a list as paragraphs that begin with a bullet in a comment and say their level in a style.
const wordLists = (body) => {
  const level = (p) => { const m = /mso-list:\s*l\d+\s+level(\d+)/i.exec(p.dataset.style || ''); return m ? Number(m[1]) : 0; };
  let stack = [];
  for (const p of [...body.querySelectorAll('p')]) {
    const depth = level(p);
    if (!depth) { stack = []; continue; }
    const bullet = [...p.querySelectorAll('span')].find((s) => /mso-list:\s*ignore/i.test(s.dataset.style || ''));
    const sign = bullet ? bullet.textContent.trim() : '';
    if (bullet) bullet.remove();
    const name = /^[0-9a-z]{1,3}[.)]/i.test(sign) ? 'ol' : 'ul';
    const before = p.previousElementSibling;
    if (stack.length && !(before && before === stack[0])) stack = [];
    while (stack.length > depth) stack.pop();
    if (!stack.length) {
      const list = body.ownerDocument.createElement(name);
      p.before(list);
      stack = [list];
    }
    while (stack.length < depth) {
      const list = body.ownerDocument.createElement(name);
      const last = stack[stack.length - 1];
      (last.lastElementChild || last.appendChild(body.ownerDocument.createElement('li'))).append(list);
      stack.push(list);
    }
    const item = body.ownerDocument.createElement('li');
    item.append(...p.childNodes);
    stack[stack.length - 1].append(item);
    p.remove();
  }
};

// Titles that were only styled: Word's and LibreOffice's by class.
const titles = (body) => {
  for (const p of body.querySelectorAll('p[class]')) {
    const m = /^(?:MsoHeading|Titre|Heading)[\s-]?([1-6])|^(MsoTitle)$/i.exec(p.className);
    if (!m) continue;
    const h = body.ownerDocument.createElement('h' + (m[1] || '2'));
    h.append(...p.childNodes);
    p.replaceWith(h);
  }
  // A text has one first title, which is not in it.
  for (const h of body.querySelectorAll('h1')) {
    const h2 = body.ownerDocument.createElement('h2');
    h2.append(...h.childNodes);
    h.replaceWith(h2);
  }
};

// A table without a head has its first row as one, since Markdown knows no other; what spans is undone.
const tables = (body) => {
  for (const table of body.querySelectorAll('table')) {
    if (table.querySelector('table') || table.rows.length === 0 || (table.rows.length === 1 && table.rows[0].cells.length === 1)) {
      // It lays out a mail and holds no figures.
      const cells = [...table.querySelectorAll('td,th')].filter((c) => c.closest('table') === table);
      table.replaceWith(...cells.flatMap((c) => [...c.childNodes]));
      continue;
    }
    for (const cell of table.rows[0].cells) {
      if (cell.tagName === 'TH') continue;
      const th = body.ownerDocument.createElement('th');
      th.append(...cell.childNodes);
      cell.replaceWith(th);
    }
    for (const cell of table.querySelectorAll('td,th')) for (const name of ['colspan', 'rowspan', 'style', 'width', 'height']) cell.removeAttribute(name);
  }
};

const gone = 'script,style,meta,link,title,head,iframe,object,embed,form,input,button,select,textarea,svg,canvas,noscript,template,o\\:p,xml';

/**
 * @param {string} html as it lies on the clipboard
 * @param {(src: string, alt: string) => string|null} picture says where a picture of it will stand, null to leave it out
 * @returns {string} clean HTML
 */
export function clean(html, picture) {
  const doc = new DOMParser().parseFromString(unstyled(html), 'text/html');
  const body = doc.body;
  const walker = doc.createTreeWalker(body, NodeFilter.SHOW_COMMENT);
  const comments = [];
  while (walker.nextNode()) comments.push(walker.currentNode);
  comments.forEach((c) => c.remove());
  body.querySelectorAll(gone).forEach((el) => el.remove());
  body.querySelectorAll('[hidden],[data-style*="display:none"],[data-style*="display: none"]').forEach((el) => el.remove());
  wordLists(body);
  titles(body);
  fromStyles(body);
  tables(body);
  for (const img of [...body.querySelectorAll('img')]) {
    const small = Number(img.getAttribute('width')) === 1 || Number(img.getAttribute('height')) === 1; // a spy
    const src = small ? null : picture(img.getAttribute('src') || '', img.alt || '');
    if (src == null) { img.remove(); continue; }
    const kept = doc.createElement('img');
    kept.setAttribute('src', src);
    kept.setAttribute('alt', img.alt || '');
    img.replaceWith(kept);
  }
  for (const a of [...body.querySelectorAll('a')]) {
    const href = a.getAttribute('href') || '';
    if (!/^(https?:|mailto:|tel:|\/)/i.test(href) || !a.textContent.trim() && !a.querySelector('img')) unwrap(a);
  }
  // A <br> in a row is how mail parts paragraphs.
  body.innerHTML = body.innerHTML.replace(/(?:<br[^>]*>\s*){2,}/gi, '</p><p>');
  body.querySelectorAll('span,font,u,center,section,article,main,header,footer').forEach(unwrap);
  for (const el of body.querySelectorAll('*')) {
    for (const { name } of [...el.attributes]) if (!/^(href|src|alt|align|start)$/.test(name)) el.removeAttribute(name);
  }
  body.querySelectorAll('p,h2,h3,h4,h5,h6,li,strong,em,b,i').forEach((el) => {
    if (!el.textContent.replace(/[\s\u00a0]/g, '') && !el.querySelector('img,br')) el.remove();
  });
  return body.innerHTML;
}
