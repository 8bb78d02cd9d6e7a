// What of a picture stays: four edges, moved with the hand on the picture or with the arrows.
import { make } from './dom.js';

/** Asks which part of a picture stays. @returns {Promise<{x, y, w, h}|null>} in fractions of its sides, null when it was given up */
export function crop(img, say) {
  return new Promise((done) => {
    const edges = { left: 0, top: 0, right: 100, bottom: 100 };
    const view = make('img', { src: img.currentSrc || img.src, alt: '' });
    const frame = make('span', { class: 'ed-crop-frame' });
    const range = (name, from) => make('label', {}, make('span', {}, say['crop_' + name]), make('input', { type: 'range', min: '0', max: '90', value: '0', oninput: (e) => {
      const v = Number(e.target.value);
      edges[name] = from === 0 ? v : 100 - v;
      draw();
    } }));
    const sliders = [range('top', 0), range('right', 100), range('bottom', 100), range('left', 0)];
    const ok = make('button', { type: 'button', class: 'btn' }, say.crop_do);
    const no = make('button', { type: 'button', class: 'btn quiet' }, say.cancel);
    const box = make('dialog', { class: 'ed-crop', 'aria-label': say.crop }, make('div', { class: 'ed-crop-view' }, view, frame),
      make('div', { class: 'ed-crop-edges' }, ...sliders), make('div', { class: 'acts' }, ok, no));
    const sound = () => edges.right - edges.left >= 5 && edges.bottom - edges.top >= 5;
    const draw = () => {
      frame.style.inset = `${edges.top}% ${100 - edges.right}% ${100 - edges.bottom}% ${edges.left}%`;
      ok.disabled = !sound();
    };
    // A rectangle drawn over the picture.
    view.parentElement.addEventListener('pointerdown', (e) => {
      e.preventDefault();
      const r = view.getBoundingClientRect();
      const at = (ev) => [Math.max(0, Math.min(100, (ev.clientX - r.left) / r.width * 100)), Math.max(0, Math.min(100, (ev.clientY - r.top) / r.height * 100))];
      const [x, y] = at(e);
      const move = (ev) => {
        const [u, v] = at(ev);
        Object.assign(edges, { left: Math.min(x, u), right: Math.max(x, u), top: Math.min(y, v), bottom: Math.max(y, v) });
        const inputs = sliders.map((s) => s.querySelector('input'));
        [edges.top, 100 - edges.right, 100 - edges.bottom, edges.left].forEach((v, i) => { inputs[i].value = v; });
        draw();
      };
      const up = () => { removeEventListener('pointermove', move); removeEventListener('pointerup', up); };
      addEventListener('pointermove', move);
      addEventListener('pointerup', up);
    });
    const end = (answer) => { box.close(); box.remove(); done(answer); };
    ok.addEventListener('click', () => end({ x: edges.left / 100, y: edges.top / 100, w: (edges.right - edges.left) / 100, h: (edges.bottom - edges.top) / 100 }));
    no.addEventListener('click', () => end(null));
    box.addEventListener('cancel', (e) => { e.preventDefault(); end(null); });
    document.body.append(box);
    draw();
    box.showModal();
  });
}
