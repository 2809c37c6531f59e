'use strict';
const data = JSON.parse(document.getElementById('data').textContent);
const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
const say = (en, ru) => document.getElementById('ru').checked ? ru : en;
const number = v => say(String(v), String(v).replace('.', ','));
const named = ring => ring.from ? say('periods', 'периоды') + ` ${number(ring.from)} … ${number(ring.to)}` : say('listens', 'слушает');
const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function sheet(id) {
  const canvas = document.getElementById(id), ratio = devicePixelRatio || 1;
  const w = canvas.clientWidth, h = canvas.clientHeight;
  canvas.width = w * ratio;
  canvas.height = h * ratio;
  const c = canvas.getContext('2d');
  c.scale(ratio, ratio);
  c.font = '12px ' + colour('--sans');
  return { c, w, h };
}

// Each ring a circle: an oscillator stands at its phase, further out the stronger it is, with a tail of where it was.
const scale = [];
for (let r = 0, at = 0; r < (data.rings || []).length; at += 2 * data.rings[r++].shown) {
  const sizes = [];
  for (const frame of data.frames)
    for (let j = 0; j < data.rings[r].shown; j++)
      sizes.push(Math.hypot(frame[at + 2 * j], frame[at + 2 * j + 1]));
  sizes.sort((a, b) => a - b);
  scale.push(sizes[Math.floor(sizes.length * .98)] || 1);
}

function rings(time) {
  const canvas = document.getElementById('rings'), n = data.rings.length, columns = Math.min(n, Math.max(2, Math.floor(canvas.clientWidth / 230))), rows = Math.ceil(n / columns);
  const cell = canvas.clientWidth / columns, radius = Math.min(cell, 280) / 2 - 8;
  canvas.style.height = rows * (2 * radius + 28) + 'px';
  const { c } = sheet('rings');
  const frames = data.frames.length, tail = 7;
  if (!frames) return;
  const place = (time / 90) % frames, now = Math.floor(place), part = place - now;
  for (let r = 0, at = 0; r < n; at += 2 * data.rings[r++].shown) {
    const x = cell * (r % columns + .5), y = (2 * radius + 28) * Math.floor(r / columns) + radius + 2;
    c.strokeStyle = colour('--rule');
    c.lineWidth = 1;
    for (const share of [.5, 1]) {
      c.beginPath();
      c.arc(x, y, radius * share, 0, 2 * Math.PI);
      c.stroke();
    }
    const count = data.rings[r].shown;
    for (let j = 0; j < count; j++) {
      const hue = 170 + 190 * j / count;
      for (let k = Math.min(tail, now); k >= 0; k--) {
        const a = data.frames[now - k], b = data.frames[Math.min(now - k + 1, frames - 1)], i = at + 2 * j;
        let re = a[i] + (b[i] - a[i]) * part, im = a[i + 1] + (b[i + 1] - a[i + 1]) * part;
        const size = Math.hypot(re, im) / scale[r], shrink = size > 1 ? 1 / size : 1;
        c.fillStyle = `oklch(${62 + 6 * (k === 0)}% .13 ${hue} / ${(1 - k / (tail + 1)) ** 2})`;
        c.beginPath();
        c.arc(x + radius * re / scale[r] * shrink, y - radius * im / scale[r] * shrink, k ? 1.8 : 3.6, 0, 2 * Math.PI);
        c.fill();
      }
    }
    c.fillStyle = colour('--soft');
    c.textAlign = 'center';
    c.fillText(named(data.rings[r]), x, y + radius + 18);
  }
  if (!still) requestAnimationFrame(rings);
}

// Axes of a chart and where a value stands in it.
function frame(id, xs, low, high, marks, logarithmic) {
  const { c, w, h } = sheet(id), left = 56, bottom = 22, lift = logarithmic ? Math.log : v => v;
  const x0 = lift(xs[0]), x1 = lift(xs[1]), X = v => left + (w - left - 8) * (lift(v) - x0) / (x1 - x0 || 1), Y = v => 6 + (h - bottom - 12) * (high - v) / (high - low || 1);
  c.strokeStyle = colour('--rule');
  c.fillStyle = colour('--soft');
  c.textAlign = 'right';
  for (let i = 0; i <= 4; i++) {
    const v = low + (high - low) * i / 4;
    c.beginPath();
    c.moveTo(left, Y(v));
    c.lineTo(w - 8, Y(v));
    c.stroke();
    c.fillText(number(+v.toPrecision(3)), left - 8, Y(v) + 4);
  }
  // A mark that would stand on the one before it is left out.
  let taken = -Infinity;
  for (const m of marks) {
    const text = number(+m.toPrecision(3)), width = c.measureText(text).width, from = Math.min(X(m) - width / 2, w - 2 - width);
    if (from < taken + 6) continue;
    c.textAlign = 'left';
    c.fillText(text, from, h - 4);
    taken = from + width;
  }
  return { c, X, Y };
}

function line({ c, X, Y }, points, style, width) {
  c.strokeStyle = style;
  c.lineWidth = width;
  c.beginPath();
  let open = false;
  for (const [x, y] of points) {
    if (y === null) { open = false; continue; }
    if (open) c.lineTo(X(x), Y(y)); else c.moveTo(X(x), Y(y));
    open = true;
  }
  c.stroke();
}

// What each canvas of a page shows; a page has some of them.
const draw = {
  series() {
    const points = data.points, known = points.flat().filter(v => v !== null);
    if (known.length) {
      const f = frame('series', [0, points.length - 1], Math.min(...known), Math.max(...known), []);
      f.c.fillStyle = colour('--ours') + '2e';
      points.forEach((p, i) => { if (p[2] !== null) f.c.fillRect(f.X(i - .5), f.Y(p[3]), f.X(i + .5) - f.X(i - .5) + .5, f.Y(p[2]) - f.Y(p[3])); });
      line(f, points.map((p, i) => [i, p[1]]), colour('--ours'), 1.6);
      f.c.fillStyle = colour('--came');
      points.forEach((p, i) => { if (p[0] !== null) { f.c.beginPath(); f.c.arc(f.X(i), f.Y(p[0]), 1.7, 0, 7); f.c.fill(); } });
    }
  },
  spectrum() {
    const s = data.spectrum, top = Math.max(...s.map(p => p[1])) || 1, marks = [2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].filter(m => m > s[0][0] && m < s[s.length - 1][0]);
    const f = frame('spectrum', [s[0][0], s[s.length - 1][0]], 0, top, marks, true);
    f.c.fillStyle = colour('--ours');
    for (const [period, energy] of s) f.c.fillRect(f.X(period) - 2.5, f.Y(energy), 5, f.Y(0) - f.Y(energy));
  },
  error() {
    const e = data.errors.map((v, i) => [i, v[0]]);
    if (e.length) {
      const g = frame('error', [0, Math.max(e.length - 1, 1)], 0, Math.max(1.05, Math.min(2, Math.max(...e.map(p => p[1])))), []);
      line(g, [[0, 1], [e.length - 1, 1]], colour('--soft'), 1);
      line(g, e.map(([i, v]) => [i, Math.min(v, 2)]), colour('--ours'), 1.6);
    }
  },
  signal() {
    const parts = data.signal, known = parts.filter(p => p[0] !== null), last = Math.max(parts.length - 1, 1);
    if (!known.length) return;
    const low = Math.min(...known.map(p => p[0])), high = Math.max(...known.map(p => p[1]));
    const f = frame('signal', [0, last * data.per], low, high, [0, .25, .5, .75, 1].map(v => Math.round(v * last * data.per)));
    f.c.strokeStyle = colour('--came');
    f.c.beginPath();
    parts.forEach((p, i) => { if (p[0] !== null) { f.c.moveTo(f.X(i * data.per), f.Y(p[0]) + .5); f.c.lineTo(f.X(i * data.per), f.Y(p[1]) - .5); } });
    f.c.stroke();
    f.c.fillStyle = colour('--strange');
    parts.forEach((p, i) => { if (p[2] >= .5 && p[0] !== null) { f.c.beginPath(); f.c.arc(f.X(i * data.per), f.Y(p[1]), 4, 0, 7); f.c.fill(); } });
  },
  scores() {
    const parts = data.signal, last = Math.max(parts.length - 1, 1), f = frame('scores', [0, last], 0, 1, []);
    line(f, [[0, .5], [last, .5]], colour('--soft'), 1);
    for (const [i, p] of parts.entries()) {
      f.c.fillStyle = colour(p[2] >= .5 ? '--strange' : '--ours');
      if (p[2] > 0) f.c.fillRect(f.X(i) - 1, f.Y(p[2]), 2, f.Y(0) - f.Y(p[2]));
    }
  },
  cues(time) { wheels('cues', data.cues.map(q => ({ name: `${q.name || '–'}  ${(100 * q.agreement).toFixed(0)} %`, from: q.cue, to: q.settled })), time); },
  memory() { wheels('memory', data.slots.map(s => ({ name: s.name, from: s.pattern, to: s.pattern, arc: s.energy }))); },
};

// A wheel of phases for each rhythm. A cue turns into what it settled to, and back, by and by.
const settles = time => still ? 1 : .5 - .5 * Math.cos(Math.min(Math.max((time / 1000 % 5) - .8, 0), 1.6) / 1.6 * Math.PI);

function wheels(id, list, time) {
  const canvas = document.getElementById(id), size = 132, across = Math.max(1, Math.floor(canvas.clientWidth / size));
  canvas.style.height = (list.length ? Math.ceil(list.length / across) * (size + 22) : 20) + 'px';
  const { c, w } = sheet(id), cell = w / across, share = settles(time || 0);
  list.forEach((wheel, k) => {
    const x = cell * (k % across + .5), y = Math.floor(k / across) * (size + 22) + size / 2, n = wheel.to.length;
    for (let i = 0; i < n; i++) {
      const a = wheel.from[i], b = wheel.to[i] === null ? a : wheel.to[i], angle = 2 * Math.PI * (i / n) - Math.PI / 2;
      if (a === null && (b === null || !share)) continue;
      const turn = b - (a === null ? b : a), phase = (a === null ? b : a) + (turn - Math.round(turn)) * share;
      c.strokeStyle = `oklch(66% .14 ${360 * phase + 200} / ${a === null ? share : 1})`;
      c.lineWidth = Math.max(1.4, 2 * Math.PI * 40 / n * .62);
      c.beginPath();
      c.moveTo(x + 26 * Math.cos(angle), y + 26 * Math.sin(angle));
      c.lineTo(x + 54 * Math.cos(angle), y + 54 * Math.sin(angle));
      c.stroke();
    }
    if (wheel.arc) {
      c.strokeStyle = colour('--ours');
      c.lineWidth = 2;
      c.beginPath();
      c.arc(x, y, 59, -Math.PI / 2, -Math.PI / 2 + 2 * Math.PI * wheel.arc);
      c.stroke();
    }
    c.fillStyle = colour('--soft');
    c.textAlign = 'center';
    c.fillText(wheel.name.length > 20 ? wheel.name.slice(0, 19) + '…' : wheel.name, x, y + size / 2 + 10);
  });
}

function charts() {
  for (const id in draw) if (document.getElementById(id)) draw[id]();
}

function settle(time) {
  draw.cues(time);
  requestAnimationFrame(settle);
}

charts();
if (document.getElementById('rings')) rings(still ? 90 * Math.max(0, data.frames.length - 2) : 0);
if (document.getElementById('cues') && !still && data.cues.length) requestAnimationFrame(settle);
addEventListener('resize', charts);
addEventListener('change', () => { charts(); if (still && document.getElementById('rings')) rings(90 * Math.max(0, data.frames.length - 2)); });
