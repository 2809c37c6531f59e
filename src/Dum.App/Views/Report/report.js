'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const entryBytes = Uint8Array.from(atob(data.bytes), c => c.charCodeAt(0));
  const entryStart = [0];
  for (const length of data.lengths) entryStart.push(entryStart[entryStart.length - 1] + length);

  const host = document.getElementById('text'), card = document.getElementById('card');
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  // What has no shape of its own is shown by name; the joiners spell scripts and emoji and stay.
  const special = /([\p{Cc}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf})/u;
  const number = n => String(n).replace(/\B(?=(\d{3})+$)/g, '\u202f');
  const hex = b => b.toString(16).toUpperCase().padStart(2, '0');
  // A control character is its byte; a longer one goes by its number, so that the two are not taken for each other.
  const name = c => c < 0x80 ? hex(c) : 'U+' + c.toString(16).toUpperCase().padStart(4, '0');
  const russian = () => document.getElementById('to-ru').checked;

  let units = [], spans = [], byteAt = [], sceneOf = [], scenes = [], current = -1, last = -1, run = 0;

  // For each byte: the length of the character that starts here, 0 inside one, 255 where there is none.
  function characters(bytes) {
    const kind = new Uint8Array(bytes.length).fill(255);
    for (let i = 0; i < bytes.length;) {
      const b = bytes[i];
      const length = b < 0x80 ? 1 : b >= 0xc2 && b < 0xe0 ? 2 : b >= 0xe0 && b < 0xf0 ? 3 : b >= 0xf0 && b < 0xf5 ? 4 : 0;
      const low = b === 0xe0 ? 0xa0 : b === 0xf0 ? 0x90 : 0x80, high = b === 0xed ? 0x9f : b === 0xf4 ? 0x8f : 0xbf;
      let good = length > 0 && i + length <= bytes.length;
      for (let k = 1; good && k < length; k++)
        good = bytes[i + k] >= (k === 1 ? low : 0x80) && bytes[i + k] <= (k === 1 ? high : 0xbf);
      if (good) kind.fill(0, i + 1, i + length)[i] = length;
      i += good ? length : 1;
    }
    return kind;
  }

  const box = (kind, text) => {
    const b = document.createElement('b');
    b.className = kind;
    if (text) b.textContent = text;
    return b;
  };

  // Bytes from..to of a text. A character cut between hyperwords is drawn where it begins; a sliver stands for the rest.
  // Line ends that open an episode (opening.line) are marked only: the episode stands on a line of its own anyway.
  function draw(parent, bytes, kind, from, to, opening = { line: false }) {
    for (let i = from; i < to;) {
      if (kind[i] === 255) {
        parent.append(box('x', hex(bytes[i++])));
        opening.line = false;
        continue;
      }
      if (kind[i] === 0) {
        while (i < to && kind[i] === 0) i++;
        parent.append(box('cut'));
        continue;
      }
      let end = i;
      while (end < to && kind[end] > 0 && kind[end] < 255) end += kind[end];
      decoder.decode(bytes.subarray(i, end)).split(special).forEach((part, odd) => {
        if (!part) return;
        const breaks = part === '\n' || part === '\r';
        if (!breaks) opening.line = false;
        if (!(odd & 1)) { parent.append(part); return; }
        if (breaks || part === '\t') {
          const mark = box(part === '\n' ? 'nl' : part === '\t' ? 'tab' : 'cr');
          if (part === '\t' || (part === '\n' && !opening.line)) mark.textContent = part;
          parent.append(mark);
        } else parent.append(box('x', name(part.codePointAt(0))));
      });
      i = end;
    }
  }

  function show(index) {
    const doc = data.documents[index], mine = ++run;
    units = doc.units;
    spans = [];
    byteAt = new Array(units.length + 1);
    sceneOf = new Array(units.length);
    scenes = [];
    hide();
    last = -1;
    host.replaceChildren();
    host.scrollTop = 0;
    document.querySelectorAll('[data-rest]').forEach(p => { p.hidden = true; });
    byteAt[0] = 0;
    units.forEach((u, i) => { byteAt[i + 1] = byteAt[i] + data.lengths[u]; });
    const bytes = new Uint8Array(byteAt[units.length]);
    units.forEach((u, i) => bytes.set(entryBytes.subarray(entryStart[u], entryStart[u + 1]), byteAt[i]));
    const kind = characters(bytes);
    host.classList.toggle('code', looksLikeCode(bytes, kind));

    let unit = 0, episode = 0;
    (function some() {
      if (mine !== run) return;
      const stop = performance.now() + 12;
      const page = document.createDocumentFragment();
      while (episode < doc.episodes.length && performance.now() < stop) {
        const block = document.createElement('div');
        block.className = 'e';
        block.dataset.n = number(episode + 1);
        const opening = { line: true };
        for (let s = 0; s < doc.episodes[episode]; s++) {
          const first = unit, last = unit + doc.scenes[scenes.length], at = scenes.length;
          const scene = document.createElement('span');
          scene.className = 's h' + at % 5;
          for (; unit < last; unit++) {
            const word = document.createElement('span');
            word.className = (unit - first) & 1 ? 'w odd' : 'w';
            word.unit = unit;
            draw(word, bytes, kind, byteAt[unit], byteAt[unit + 1], opening);
            scene.append(word);
            spans[unit] = word;
            sceneOf[unit] = at;
          }
          scenes.push({ first, last, episode, element: scene });
          block.append(scene);
        }
        episode++;
        page.append(block);
      }
      host.append(page);
      if (episode < doc.episodes.length) setTimeout(some);
      else document.querySelector(`[data-rest="${index}"]`).hidden = false;
    })();
  }

  // Code and binary data keep their columns; prose is set as prose.
  function looksLikeCode(bytes, kind) {
    let lines = 0, marked = 0, bad = 0, before = 10, first = true;
    for (let i = 0; i < bytes.length; i++) {
      const b = bytes[i];
      if (kind[i] === 255) bad++;
      if (b === 10) {
        lines++;
        if (before === 59 || before === 123 || before === 125) marked++;
        first = true;
      } else if (first) {
        if (b === 9 || b === 35 || (b === 32 && bytes[i + 1] === 32)) marked++;
        first = false;
      }
      if (b !== 13 && b !== 32) before = b;
    }
    return bad * 20 > bytes.length || (lines > 4 && marked * 3 > lines);
  }

  function describe(i) {
    const u = units[i], id = data.ids[u], ru = russian(), s = scenes[sceneOf[i]];
    const form = (n, en, one, few, many) => number(n) + '\u00a0' + (!ru ? (n === 1 ? en : en + 's')
      : n % 10 === 1 && n % 100 !== 11 ? one : n % 10 >= 2 && n % 10 <= 4 && (n % 100 < 12 || n % 100 > 14) ? few : many);
    const bytes = entryBytes.subarray(entryStart[u], entryStart[u + 1]);
    const line = (kind, text) => {
      const p = document.createElement('p');
      p.className = kind;
      p.textContent = text;
      return p;
    };
    const title = line('what', '');
    draw(title.appendChild(document.createElement('bdi')), bytes, characters(bytes), 0, Math.min(bytes.length, 160));
    if (bytes.length > 160) title.append('…');
    const digits = Array.from(bytes.subarray(0, 24), hex).join(' ') + (bytes.length > 24 ? ' …' : '');
    const rank = id < 256 ? (ru ? 'одиночный байт' : 'a single byte')
      : (ru ? 'ранг ' : 'rank ') + number(id - 255) + (ru ? ' из ' : ' of ') + number(data.entries - 256);
    return [
      title,
      line('', [form(bytes.length, 'byte', 'байт', 'байта', 'байт'), form(data.words[u], 'word', 'слово', 'слова', 'слов'),
        form(data.uses[u], 'use', 'вхождение', 'вхождения', 'вхождений')].join(' · ')),
      line('', (ru ? '№\u00a0' : 'id\u00a0') + number(id) + ' · ' + rank),
      line('digits', digits),
      line('scene', (ru ? 'сцена ' : 'scene ') + number(sceneOf[i] + 1) + ' · '
        + (ru ? 'байты ' : 'bytes ') + number(byteAt[s.first]) + '–' + number(byteAt[s.last] - 1) + ' · '
        + form(s.last - s.first, 'hyperword', 'гиперслово', 'гиперслова', 'гиперслов')),
    ];
  }

  function point(i) {
    if (i === current) return;
    unpoint();
    current = last = i;
    const word = spans[i], scene = scenes[sceneOf[i]].element;
    word.classList.add('on');
    scene.classList.add('on');
    card.replaceChildren(...describe(i));
    card.hidden = false;
    place();
  }

  function place() {
    const word = spans[current], at = word.getClientRects()[0] || word.getBoundingClientRect();
    const room = card.getBoundingClientRect();
    const below = at.bottom + 10 + room.height < innerHeight;
    card.style.left = Math.max(8, Math.min(at.left, document.documentElement.clientWidth - room.width - 8)) + 'px';
    card.style.top = (below ? at.bottom + 10 : Math.max(8, at.top - room.height - 10)) + 'px';
  }

  function unpoint() {
    if (current < 0) return;
    spans[current].classList.remove('on');
    scenes[sceneOf[current]].element.classList.remove('on');
    current = -1;
  }

  function hide() {
    if (current >= 0 && spans[current]) unpoint();
    current = -1;
    card.hidden = true;
  }

  host.addEventListener('pointerover', event => {
    const word = event.target.closest('.w');
    if (word) point(word.unit);
  });
  host.addEventListener('pointerleave', event => { if (event.pointerType === 'mouse' && document.activeElement !== host) hide(); });
  host.addEventListener('blur', hide);
  host.addEventListener('keydown', event => {
    // After Escape the walk goes on where it was.
    const here = last < 0 ? -1 : sceneOf[last];
    const scene = step => scenes[Math.max(0, Math.min(scenes.length - 1, here + step))]?.first;
    const to = {
      ArrowRight: () => Math.min(spans.length - 1, last + 1), ArrowLeft: () => Math.max(0, last - 1),
      ArrowDown: () => scene(1), ArrowUp: () => scene(-1),
    }[event.key];
    if (event.key === 'Escape') hide();
    if (!to || spans.length === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const next = to();
    spans[next].scrollIntoView({ block: 'nearest' });
    point(next);
  });
  addEventListener('scroll', () => { if (current >= 0) (document.activeElement === host ? place : hide)(); }, { passive: true });

  document.querySelectorAll('[data-document]').forEach(tab => tab.addEventListener('click', () => {
    document.querySelectorAll('[data-document]').forEach(t => t.setAttribute('aria-pressed', String(t === tab)));
    show(Number(tab.dataset.document));
  }));
  document.querySelectorAll('[name=lang]').forEach(radio => radio.addEventListener('change', () => {
    document.documentElement.lang = russian() ? 'ru' : 'en';
    hide();
  }));
  document.documentElement.lang = russian() ? 'ru' : 'en';
  if (data.documents.length > 0) show(0);
})();
