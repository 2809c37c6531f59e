'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const symbols = data.symbols.map((s, code) => ({
    code, en: s[0], ru: s[1], scenes: s[2], x: s[3], y: s[4], region: s[5], named: s[6], examples: s[7], near: s[8], strength: s[9],
    name: s[0] && s[1] ? s[0] + ' / ' + s[1] : s[0] || s[1],
    short: [s[0], s[1]].filter(Boolean).map(n => n.split(' · ').slice(0, 2).join(' · ')).join(' / '),
  }));
  const canvas = document.getElementById('map'), pen = canvas.getContext('2d');
  const card = document.getElementById('card'), find = document.getElementById('find'), found = document.getElementById('found'), pick = document.getElementById('text');
  const russian = () => document.getElementById('to-ru').checked;
  const say = (en, ru) => russian() ? ru : en;
  const number = n => String(n).replace(/\B(?=(\d{3})+$)/g, '\u202f');
  const dark = matchMedia('(prefers-color-scheme: dark)'), still = matchMedia('(prefers-reduced-motion: reduce)');

  const most = Math.max(1, ...symbols.map(s => s.scenes));
  // Regions take their colour from where they lie around the middle, so neighbours differ little and opposites much.
  const regions = data.regions.map((name, r) => {
    const own = symbols.filter(s => s.region === r), weight = own.reduce((a, s) => a + s.scenes + 1, 0);
    const x = own.reduce((a, s) => a + s.x * (s.scenes + 1), 0) / weight, y = own.reduce((a, s) => a + s.y * (s.scenes + 1), 0) / weight;
    return { name, x, y, weight, hue: Math.atan2(y - 0.5, x - 0.5) * 180 / Math.PI + 200 };
  });

  let width = 0, height = 0, ratio = 1, view = { k: 1, x: 0, y: 0 }, home = { k: 1, x: 0, y: 0 };
  let chosen = null, over = null, matches = null, file = -1, lift = null, waiting = false, flight = null, style = {}, hazes = [];

  function restyle() {
    const css = getComputedStyle(document.documentElement), get = name => css.getPropertyValue(name).trim();
    style = { paper: get('--paper'), ink: get('--ink'), soft: get('--soft'), faint: get('--faint'), serif: get('--serif'), sans: get('--sans'), haze: +get('--haze') };
    for (const r of regions) r.dot = `oklch(${get('--dot-l')} ${get('--dot-c')} ${r.hue.toFixed(0)})`;
    hazes = regions.map(r => {
      const sprite = document.createElement('canvas');
      sprite.width = sprite.height = 128;
      const to = sprite.getContext('2d'), g = to.createRadialGradient(64, 64, 0, 64, 64, 64), colour = a => `oklch(${get('--haze-l')} ${get('--haze-c')} ${r.hue.toFixed(0)} / ${a})`;
      g.addColorStop(0, colour(1)); g.addColorStop(0.45, colour(0.45)); g.addColorStop(1, colour(0));
      to.fillStyle = g;
      to.fillRect(0, 0, 128, 128);
      return sprite;
    });
    draw();
  }

  function resize() {
    const before = home;
    ratio = Math.min(devicePixelRatio || 1, 2);
    width = innerWidth; height = innerHeight;
    canvas.width = width * ratio; canvas.height = height * ratio;
    const left = width > 900 ? 300 : 0, k = Math.min((width - left) * 0.94, height * 0.9);
    home = { k, x: left + (width - left - k) / 2, y: (height - k) / 2 };
    view = before.k === 1 ? { ...home } : { k: view.k * home.k / before.k, x: (view.x - before.x) + home.x, y: (view.y - before.y) + home.y };
    draw();
  }

  const px = s => view.x + s.x * view.k, py = s => view.y + s.y * view.k, zoom = () => view.k / home.k;
  const share = s => lift ? lift[s.code] : 1;
  const radius = s => (1.3 + 5.4 * Math.sqrt(s.scenes / most)) * Math.pow(zoom(), 0.45) * (lift ? Math.max(0.35, Math.min(2.2, Math.sqrt(share(s)))) : 1);

  function draw() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; paint(); });
  }

  function paint() {
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    const z = zoom(), inside = symbols.filter(s => px(s) > -80 && px(s) < width + 80 && py(s) > -80 && py(s) < height + 80);
    for (const s of inside) {
      const r = home.k * 0.052 * Math.pow(z, 0.8) * (0.6 + 0.5 * Math.sqrt(s.scenes / most));
      pen.globalAlpha = style.haze * (lift ? Math.min(1.6, share(s)) : 1) / Math.pow(z, 0.25);
      pen.drawImage(hazes[s.region], px(s) - r, py(s) - r, 2 * r, 2 * r);
    }
    pen.globalAlpha = 1;
    const focus = over || chosen;
    if (focus) {
      pen.strokeStyle = regions[focus.region].dot;
      for (const code of focus.near) {
        const to = symbols[code], mx = (px(focus) + px(to)) / 2 + (py(to) - py(focus)) * 0.12, my = (py(focus) + py(to)) / 2 - (px(to) - px(focus)) * 0.12;
        pen.globalAlpha = 0.55; pen.lineWidth = 1.2;
        pen.beginPath(); pen.moveTo(px(focus), py(focus)); pen.quadraticCurveTo(mx, my, px(to), py(to)); pen.stroke();
      }
    }
    for (const s of inside) {
      pen.globalAlpha = matches && !matches.has(s.code) ? 0.13 : lift ? Math.max(0.22, Math.min(1, 0.35 + 0.4 * share(s))) : 0.92;
      pen.fillStyle = regions[s.region].dot;
      pen.beginPath(); pen.arc(px(s), py(s), radius(s), 0, 7); pen.fill();
    }
    pen.globalAlpha = 1;
    for (const s of [over, chosen]) if (s) {
      pen.strokeStyle = style.ink; pen.lineWidth = 1.6;
      pen.beginPath(); pen.arc(px(s), py(s), radius(s) + 3.5, 0, 7); pen.stroke();
    }
    labels(inside, focus, z);
  }

  // Names are written where there is room: the focus and its neighbours first, then what was searched for, then the strongest.
  function labels(inside, focus, z) {
    // What stands over the map is no place for a name.
    const boxes = [document.querySelector('header'), card].filter(e => !e.hidden).map(e => e.getBoundingClientRect()).map(b => [b.left, b.top, b.right, b.bottom]);
    const free = (x, y, w, h) => boxes.every(b => x + w < b[0] || x > b[2] || y + h < b[1] || y > b[3]);
    const write = (text, x, y, font, colour, alpha, centre, must) => {
      pen.font = font;
      const w = pen.measureText(text).width, h = parseFloat(font.match(/(\d+(\.\d+)?)px/)[1]) * 1.25, left = centre ? x - w / 2 : x, top = y - h / 2;
      if (!must && !free(left - 3, top, w + 6, h)) return false;
      boxes.push([left - 3, top, left + w + 3, top + h]);
      pen.globalAlpha = alpha; pen.textBaseline = 'middle'; pen.lineJoin = 'round';
      pen.strokeStyle = style.paper; pen.lineWidth = 3.5; pen.strokeText(text, left, y);
      pen.fillStyle = colour; pen.fillText(text, left, y);
      pen.globalAlpha = 1;
      return true;
    };
    const name = (s, must, bold) => write(s.short, px(s) + radius(s) + 5, py(s), `${bold ? 600 : 400} ${bold ? 14 : 12.5}px ${style.sans}`, style.ink, 1, false, must);
    if (focus) {
      name(focus, true, true);
      for (const code of focus.near) name(symbols[code], false, false);
    }
    if (z < 2.4)
      for (const r of [...regions].sort((a, b) => b.weight - a.weight))
        write(r.name, px(r), py(r), `italic 400 ${Math.min(21, 14 + z * 3).toFixed(1)}px ${style.serif}`, style.ink, focus || matches ? 0.3 : Math.min(0.9, 2.4 - z + 0.25), true, false);
    let left = Math.round(14 + 46 * Math.max(0, z - 1.15));
    for (const s of [...inside].filter(s => !matches || matches.has(s.code)).sort((a, b) => b.scenes * share(b) - a.scenes * share(a))) {
      if (left <= 0) break;
      if (z < 1.2 && !matches && !lift) break;
      if (name(s, false, false)) left--;
    }
  }

  function at(x, y) {
    let best = null, least = 14;
    for (const s of symbols) {
      const d = Math.hypot(px(s) - x, py(s) - y) - radius(s);
      if (d < least && (!matches || matches.has(s.code))) { least = d; best = s; }
    }
    return best;
  }

  function fly(to) {
    const from = { ...view }, start = performance.now(), time = still.matches ? 1 : 650;
    flight = now => {
      const t = Math.min(1, (now - start) / time), e = t < 0.5 ? 4 * t * t * t : 1 - Math.pow(-2 * t + 2, 3) / 2;
      view = { k: from.k * Math.pow(to.k / from.k, e), x: 0, y: 0 };
      // What lies in the middle moves evenly from where it was to where it will be.
      const cx = ((width / 2 - from.x) / from.k) * (1 - e) + ((width / 2 - to.x) / to.k) * e, cy = ((height / 2 - from.y) / from.k) * (1 - e) + ((height / 2 - to.y) / to.k) * e;
      view.x = width / 2 - cx * view.k; view.y = height / 2 - cy * view.k;
      paint();
      if (t < 1 && flight) requestAnimationFrame(flight); else flight = null;
    };
    requestAnimationFrame(flight);
  }

  const near = s => { const k = Math.max(view.k, home.k * 3.2); fly({ k, x: width / 2 - s.x * k, y: height / 2 - s.y * k }); };
  const bound = k => Math.max(home.k * 0.6, Math.min(home.k * 40, k));

  function zoomAt(x, y, factor) {
    flight = null;
    const k = bound(view.k * factor);
    view = { k, x: x - (x - view.x) * k / view.k, y: y - (y - view.y) * k / view.k };
    draw();
  }

  const make = (tag, text, kind) => { const e = document.createElement(tag); if (text !== undefined) e.textContent = text; if (kind) e.className = kind; return e; };
  const dot = s => { const i = make('i', undefined, 'dot'); i.style.background = regions[s.region].dot; return i; };

  function choose(s, go) {
    chosen = s;
    history.replaceState(null, '', s ? '#' + s.code : ' ');
    card.hidden = !s;
    if (s) {
      const close = make('button', '×', 'close');
      close.setAttribute('aria-label', say('close', 'закрыть'));
      close.onclick = () => choose(null);
      const kind = make('p', undefined, 'kind');
      kind.append(dot(s), say(`hypersymbol ${s.code} · ${number(s.scenes)} scenes`, `гиперсимвол ${s.code} · сцен ${number(s.scenes)}`));
      card.replaceChildren(close, kind, make('h2', s.name));
      const share = make('p', say(`${Math.round(s.named * 100)} % of its scenes hold a word of the name`, `слово имени есть в ${Math.round(s.named * 100)} % его сцен`), 'kind');
      card.append(share, make('h3', say('typical scenes', 'типичные сцены')));
      for (const e of s.examples) card.append(make('blockquote', e));
      card.append(make('h3', say('over the texts', 'по ходу текстов')), bars(s), make('h3', say('neighbours', 'соседи')));
      const list = make('div', undefined, 'near');
      for (const code of s.near) {
        const b = make('button');
        b.append(dot(symbols[code]), make('span', symbols[code].short));
        b.onclick = () => choose(symbols[code], true);
        list.append(b);
      }
      card.append(list);
      card.scrollTop = 0;
      if (go) near(s);
    }
    draw();
  }

  // Share of each part of the texts that is this hypersymbol: parts of one text stand together.
  const totals = data.bins.map((_, b) => symbols.reduce((a, s) => a + s.strength[b], 0));
  function bars(s) {
    const svg = (tag, attributes) => { const e = document.createElementNS('http://www.w3.org/2000/svg', tag); for (const a in attributes) e.setAttribute(a, attributes[a]); return e; };
    const shares = s.strength.map((n, b) => totals[b] ? n / totals[b] : 0), top = Math.max(1e-9, ...shares), gaps = data.bins.filter((f, b) => b && f !== data.bins[b - 1]).length;
    const each = (300 - gaps * 4) / shares.length, box = svg('svg', { viewBox: '0 0 300 60', preserveAspectRatio: 'none' });
    let x = 0;
    shares.forEach((v, b) => {
      if (b && data.bins[b] !== data.bins[b - 1]) x += 4;
      const bar = svg('rect', { x, y: 58 - 54 * v / top, width: Math.max(0.6, each - 0.7), height: Math.max(0.8, 54 * v / top), rx: 1, fill: regions[s.region].dot }), title = svg('title', {});
      title.textContent = `${data.files[data.bins[b]]}: ${number(s.strength[b])} ${say('of', 'из')} ${number(totals[b])}`;
      bar.append(title);
      box.append(bar);
      x += each;
    });
    return box;
  }

  let marked = 0;
  function search() {
    const text = find.value.trim().toLowerCase(), code = /^\d+$/.test(text) ? +text : -1;
    found.replaceChildren();
    matches = null;
    if (text) {
      const named = symbols.filter(s => s.code === code || s.name.toLowerCase().includes(text)).sort((a, b) => (b.code === code) - (a.code === code) || b.scenes - a.scenes);
      const said = symbols.filter(s => !named.includes(s) && s.examples.some(e => e.toLowerCase().includes(text))).sort((a, b) => b.scenes - a.scenes);
      const all = [...named, ...said];
      matches = new Set(all.map(s => s.code));
      marked = 0;
      all.slice(0, 9).forEach((s, i) => {
        const item = make('li', undefined, i === 0 ? 'on' : '');
        item.append(dot(s), make('span', s.name), make('small', number(s.scenes)));
        item.onclick = () => choose(s, true);
        found.append(item);
      });
      found.codes = all.slice(0, 9);
    }
    draw();
  }

  find.oninput = search;
  find.onkeydown = e => {
    const items = [...found.children];
    if (e.key === 'Enter' && items.length) choose(found.codes[marked], true);
    else if (e.key === 'Escape') { find.value = ''; search(); canvas.focus(); }
    else if (items.length && (e.key === 'ArrowDown' || e.key === 'ArrowUp')) {
      e.preventDefault();
      items[marked].className = '';
      marked = (marked + (e.key === 'ArrowDown' ? 1 : items.length - 1)) % items.length;
      items[marked].className = 'on';
    }
  };

  data.files.forEach((name, i) => { const o = make('option', name); o.value = i; pick.append(o); });
  pick.closest('label').hidden = data.files.length < 2;
  pick.onchange = () => {
    file = +pick.value;
    lift = null;
    if (file >= 0) {
      const bins = data.bins.map((f, b) => f === file ? b : -1).filter(b => b >= 0), own = bins.reduce((a, b) => a + totals[b], 0), all = totals.reduce((a, b) => a + b, 0);
      lift = symbols.map(s => { const here = bins.reduce((a, b) => a + s.strength[b], 0); return own && s.scenes ? (here / own) / (s.scenes / all) : 0; });
    }
    draw();
  };

  const fingers = new Map();
  let travelled = 0;
  canvas.onpointerdown = e => { canvas.setPointerCapture(e.pointerId); fingers.set(e.pointerId, [e.clientX, e.clientY]); travelled = 0; flight = null; canvas.classList.add('held'); };
  canvas.onpointermove = e => {
    if (!fingers.has(e.pointerId)) {
      const s = at(e.clientX, e.clientY);
      if (s !== over) { over = s; canvas.classList.toggle('over', !!s); draw(); }
      return;
    }
    const before = [...fingers.values()].map(p => [...p]);
    fingers.set(e.pointerId, [e.clientX, e.clientY]);
    const after = [...fingers.values()], mid = p => [p.reduce((a, q) => a + q[0], 0) / p.length, p.reduce((a, q) => a + q[1], 0) / p.length];
    const [bx, by] = mid(before), [ax, ay] = mid(after);
    view.x += ax - bx; view.y += ay - by;
    travelled += Math.abs(ax - bx) + Math.abs(ay - by);
    if (after.length === 2) zoomAt(ax, ay, Math.hypot(after[0][0] - after[1][0], after[0][1] - after[1][1]) / Math.max(1, Math.hypot(before[0][0] - before[1][0], before[0][1] - before[1][1])));
    draw();
  };
  canvas.onpointerup = canvas.onpointercancel = e => {
    fingers.delete(e.pointerId);
    canvas.classList.remove('held');
    if (e.type === 'pointerup' && travelled < 5) choose(at(e.clientX, e.clientY));
  };
  canvas.onpointerleave = () => { over = null; draw(); };
  canvas.addEventListener('wheel', e => { e.preventDefault(); zoomAt(e.clientX, e.clientY, Math.exp(-e.deltaY * (e.ctrlKey ? 0.01 : 0.0016))); }, { passive: false });
  canvas.ondblclick = e => zoomAt(e.clientX, e.clientY, 2);
  canvas.onkeydown = e => {
    const step = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[e.key];
    if (step) { view.x += step[0]; view.y += step[1]; draw(); }
    else if (e.key === '+' || e.key === '=') zoomAt(width / 2, height / 2, 1.4);
    else if (e.key === '-') zoomAt(width / 2, height / 2, 1 / 1.4);
    else if (e.key === '0') fly(home);
    else if (e.key === 'Escape') choose(null);
    else if (e.key === '/') { e.preventDefault(); find.focus(); }
  };
  for (const id of ['to-en', 'to-ru']) document.getElementById(id).onchange = () => choose(chosen);
  addEventListener('resize', resize);
  dark.addEventListener('change', restyle);
  resize();
  restyle();
  const wanted = /^#(\d+)$/.exec(location.hash);
  if (wanted && symbols[+wanted[1]]) choose(symbols[+wanted[1]], true);
})();
