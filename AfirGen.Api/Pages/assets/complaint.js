// A new complaint: kept in the browser from the first letter until the service has acknowledged it.
import { send, problemType } from './api.js';
import { $, el, instant, newKey, page, problemText, t, withProgress } from './page.js';
import { kept, keptFiles } from './store.js';

const maxText = 50000;
const maxBytes = 25 * 1024 * 1024;
const form = $('#complaint');
const text = $('#text');
const count = $('#text-count');
const problem = $('#problem');
const chosen = { image: null, audio: null };
let sending = false;

const how = () => form.elements.how.value;

/** The key belongs to the content: another content, another key. */
function draft() {
  return kept.get('draft') ?? { how: 'text', text: '', key: newKey() };
}

function keep(change) {
  kept.set('draft', { ...draft(), key: newKey(), ...change });
}

function showCount() {
  const length = [...text.value].length;
  count.textContent = t('complaint.count', { count: length.toLocaleString('en-IN'), max: maxText.toLocaleString('en-IN') });
  count.classList.toggle('over', length > maxText);
}

function showHow() {
  for (const part of form.querySelectorAll('[data-how]')) part.hidden = part.dataset.how !== how();
}

function say(message) {
  problem.hidden = !message;
  problem.textContent = message ?? '';
}

function preview(kind) {
  const file = chosen[kind];
  const place = $(`#${kind}-preview`);
  for (const old of place.querySelectorAll('[src]')) URL.revokeObjectURL(old.src);
  place.replaceChildren();
  if (!file) return;
  const url = URL.createObjectURL(file);
  const size = `${(file.size / 1024 / 1024).toFixed(1)} MiB`;
  place.append(
    el('p', {}, `${file.name} · ${size}`),
    kind === 'image' ? el('img', { src: url, alt: t('complaint.preview') }) : el('audio', { src: url, controls: true, 'aria-label': file.name }),
  );
}

async function choose(kind) {
  const file = $(`#${kind}`).files[0] ?? null;
  if (file && file.size > maxBytes) {
    say(t('complaint.too-large'));
    $(`#${kind}`).value = '';
    return;
  }

  say(null);
  chosen[kind] = file;
  preview(kind);
  if (file) await keptFiles.set(kind, file);
  else await keptFiles.remove(kind);
  keep({ how: kind });
}

/** What is wrong with it before it is sent; null when nothing is. */
function fault() {
  if (how() !== 'text') return chosen[how()] ? null : t('complaint.no-file');
  if (text.value.trim() === '') return t('complaint.empty');
  return [...text.value].length > maxText ? t('complaint.too-long') : null;
}

function lock(locked) {
  sending = locked;
  text.readOnly = locked;
  for (const element of form.elements) if (element !== text) element.disabled = locked || (element.id === 'send' && !page.officer);
  form.setAttribute('aria-busy', String(locked));
}

function upload(kind, file) {
  const body = new FormData();
  body.append(kind, file, file.name);
  return body;
}

async function submit() {
  if (sending) return;
  const wrong = fault();
  if (wrong) {
    say(wrong);
    (how() === 'text' ? text : $(`#${how()}`)).focus();
    return;
  }

  say(null);
  lock(true);
  const { key } = draft();
  kept.set('draft', { ...draft(), sent: true });
  const kind = how();
  const content = kind === 'text' ? text.value : chosen[kind];
  const answer = await withProgress(t(kind === 'text' ? 'complaint.sending' : 'complaint.reading'), () =>
    send({
      path: '/process',
      key,
      // Text goes as JSON: a form would turn its line breaks into others.
      ...(kind === 'text' ? { json: { text: content } } : { body: () => upload(kind, content) }),
    }),
  );
  const session = answer.body.session_id;
  if (session) {
    // Acknowledged: the service has it, this computer need not.
    remember(session, answer.body.fir_number);
    kept.remove('draft');
    if (kind !== 'text') await keptFiles.remove(kind);
    location.assign(`/session/${session}`);
    return;
  }

  keep({ sent: false });
  lock(false);
  say(problemText(answer.body));
  if (problemType(answer) === 'bad-input') text.focus();
}

/** The sessions that were begun on this computer, to come back to. */
function remember(session, firNumber) {
  const others = (kept.get('sessions') ?? []).filter((other) => other.session !== session);
  kept.set('sessions', [{ session, firNumber, at: new Date().toISOString() }, ...others].slice(0, 12));
}

function showSessions() {
  const open = kept.get('sessions') ?? [];
  $('#continue').hidden = open.length === 0;
  $('#continue ul').replaceChildren(
    ...open.map(({ session, firNumber, at }) =>
      el('li', {}, el('a', { href: `/session/${session}` }, firNumber), ' ', el('span', { class: 'hint' }, instant(at))),
    ),
  );
}

text.addEventListener('input', () => {
  keep({ how: 'text', text: text.value });
  showCount();
});
for (const radio of form.elements.how) {
  radio.addEventListener('change', () => {
    keep({ how: how() });
    showHow();
    say(null);
  });
}
for (const kind of ['image', 'audio']) $(`#${kind}`).addEventListener('change', () => choose(kind));
form.addEventListener('submit', (event) => {
  event.preventDefault();
  submit();
});

const last = draft();
form.elements.how.value = last.how;
text.value = last.text ?? '';
for (const kind of ['image', 'audio']) {
  chosen[kind] = (await keptFiles.get(kind)) ?? null;
  preview(kind);
}
showHow();
showCount();
showSessions();
form.dataset.ready = 'true';
// The tab was closed, or the key had to be given again, while it was on its way: whether it arrived is found out by sending it again.
if (last.sent && page.officer && !fault()) submit();
