// A new complaint: kept in the browser from the first letter until the service has acknowledged it.
import { problemType } from './api.js';
import { copied, deliver, unsent, whyNot } from './delivery.js';
import * as drafts from './drafts.js';
import { $, el, newKey, page, readable, t, withProgress } from './page.js';
import { isAllKept, watchKept } from './store.js';
import { changedElsewhere, remember, showOffers, showSessions, watchOthers } from './unfinished.js';

const maxText = 50000;
const maxBytes = 25 * 1024 * 1024;
const kinds = ['image', 'audio'];
const form = $('#complaint');
const text = $('#text');
const count = $('#text-count');
const problem = $('#problem');
const chosen = { image: null, audio: null };
let asked = []; // what the service may have already, though it could not say so
let warnedOf = null; // the key of what may have arrived and is too old to be sent with it: who sends it all the same sends another one
let sending = false;
let keepingFiles = 0;
let filling = false;

const how = () => form.elements.how.value;
const isEmpty = ({ text, image, audio }) => text === '' && !image && !audio;

/** What stands here, files by name. */
function shown() {
  const names = filling ? drafts.find() : null; // its files are on their way from the browser's storage
  const nameOf = (kind) => chosen[kind]?.name ?? names?.[kind] ?? null;
  return { how: how(), text: text.value, image: nameOf('image'), audio: nameOf('audio') };
}

/**
 * The key belongs to the content: another content, another key. What was asked keeps its own, for it may be sent again, unchanged (G3).
 * @param file the kind of the file that is another one now, whatever it is called
 */
function keep(file = null) {
  const draft = shown();
  asked = asked.filter((one) => one.how !== file);
  if (isEmpty(draft)) drafts.forget();
  else drafts.set({ ...draft, key: newKey(), sent: false, asked });
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
    el('p', {}, `${readable(file.name)} · ${size}`),
    kind === 'image' ? el('img', { src: url, alt: t('complaint.preview') })
      : el('audio', { src: url, controls: true, 'aria-label': readable(file.name) }),
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
  keep(kind); // at once, so that what is sent next has a key of its own
  keepingFiles++;
  showSend();
  try {
    await withProgress(t('complaint.copying'), () => keepFile(kind, file));
  } finally {
    keepingFiles--;
    showSend();
  }
}

/**
 * Keeps a copy of what was chosen, and goes on with the copy: the file itself is gone, or another one, when the stick is pulled or the
 * photograph taken anew before it is sent.
 */
async function keepFile(kind, file) {
  const copy = file && (await copied(file));
  if (chosen[kind] !== file) return; // another one was chosen meanwhile
  chosen[kind] = copy;
  preview(kind);
  if (file && !copy) {
    $(`#${kind}`).value = '';
    keep(kind);
    say(t('complaint.unreadable'));
  }

  for (let written; written !== chosen[kind]; ) {
    written = chosen[kind];
    await drafts.setFile(kind, written);
  }
}

/** What is wrong with it before it is sent; null when nothing is. */
function fault() {
  if (how() !== 'text') return chosen[how()] ? null : t('complaint.no-file');
  if (text.value.trim() === '') return t('complaint.empty');
  return [...text.value].length > maxText ? t('complaint.too-long') : null;
}

function showSend() {
  $('#send').disabled = sending || keepingFiles > 0 || !page.officer;
}

function lock(locked) {
  sending = locked;
  text.readOnly = locked;
  for (const element of form.elements) if (element !== text) element.disabled = locked;
  showSend();
  form.setAttribute('aria-busy', String(locked));
}

/** Whether the same would be sent; what stands beside it does not matter, and may be gone with the browser's storage. */
const isSame = (one, other) => one.how === other.how && one[one.how] === other[one.how];

async function submit() {
  if (sending || filling || keepingFiles > 0 || !page.officer) return;
  const wrong = fault();
  if (wrong) {
    say(wrong);
    (how() === 'text' ? text : $(`#${how()}`)).focus();
    return;
  }

  say(null);
  lock(true);
  // Written down before it is sent: whoever sends it again after this tab is gone sends what was sent here.
  const now = shown();
  const last = drafts.find();
  const before = [...asked, last?.sent || last?.first ? last : null].find((one) => one && isSame(one, now));
  const same = before?.key === warnedOf ? null : before;
  if (!same) asked = asked.filter((one) => one !== before);
  // The age of what a page has kept that did not write it down is unknown: it counts as old.
  const draft = { ...now, key: same?.key ?? newKey(), first: same ? (same.first ?? 0) : Date.now(), sent: true, asked };
  drafts.set(draft);
  const answer = await deliver(draft, chosen[draft.how]);
  const session = answer?.body.session_id;
  if (session) {
    // Acknowledged: the service has it, this computer need not, nor whoever comes back to this page.
    remember(session, answer.body.fir_number);
    const stays = await drafts.acknowledge(draft);
    drafts.begin();
    clear();
    if (stays && !isAllKept()) {
      // What stood beside it would be lost with the page.
      lock(false);
      showSessions();
      watchOthers(take, finish);
      return;
    }

    location.assign(`/session/${session}`);
    return;
  }

  lock(false);
  const left = unsent(draft, answer);
  asked = left.asked;
  drafts.set(left);
  warnedOf = answer?.forgotten ? draft.key : null;
  say(whyNot(answer));
  if (answer && problemType(answer) === 'bad-input') text.focus();
}

/** Finishes what another tab was sending when it was closed. Who is writing here meanwhile is left alone. */
async function finish(id) {
  const draft = drafts.find(id);
  if (!draft?.sent || !page.officer) return;
  const content = draft.how === 'text' ? draft.text : await drafts.file(draft.how, id);
  const answer = content ? await deliver({ ...draft, first: draft.first ?? 0 }, content) : null;
  const session = answer?.body.session_id;
  if (!session) {
    if (drafts.find(id)?.key === draft.key) drafts.set(unsent(draft, answer), id);
    showOffers(take);
    if (!sending) say(whyNot(answer));
    return;
  }

  remember(session, answer.body.fir_number);
  if (await drafts.acknowledge(draft, id)) showOffers(take);
  if (isEmpty(shown()) && !sending) location.assign(`/session/${session}`);
  else showSessions();
}

function clear() {
  asked = [];
  text.value = '';
  for (const kind of kinds) {
    chosen[kind] = null;
    $(`#${kind}`).value = '';
    preview(kind);
  }

  showCount();
}

/** Shows this tab's draft. */
async function fill() {
  clear();
  const last = drafts.find();
  if (last) form.elements.how.value = last.how;
  text.value = last?.text ?? '';
  asked = last?.asked ?? [];
  showHow();
  showCount();
  filling = true;
  try {
    const files = await withProgress(t('loading'), () => Promise.all(kinds.map((kind) => drafts.file(kind))));
    kinds.forEach((kind, index) => {
      chosen[kind] ??= files[index]; // unless one was chosen meanwhile
      preview(kind);
    });
    if (kinds.some((kind) => last?.[kind] && !chosen[kind])) say(t('complaint.unreadable'));
  } finally {
    filling = false;
  }
}

/** Goes on with a draft of a tab that was closed; what stands here stays a draft too. */
async function take(id) {
  if (sending || filling || keepingFiles > 0 || !drafts.find(id)) return;
  say(null);
  drafts.take(id);
  watchOthers(take, finish);
  await fill();
  showOffers(take);
  text.focus();
}

/** What was typed or chosen before this script ran; a draft that says something else stays a draft. */
async function start() {
  const typed = text.value;
  const files = kinds.filter((kind) => $(`#${kind}`).files.length > 0);
  const last = drafts.find();
  const isOther = typed !== '' && typed !== last?.text;
  if (last && (isOther || files.length > 0)) drafts.begin();
  if (isOther || files.length > 0) {
    keep();
    showHow();
    showCount();
    await Promise.all(files.map(choose));
  } else {
    await fill();
  }
}

text.addEventListener('input', () => {
  keep();
  showCount();
});
for (const radio of form.elements.how) {
  radio.addEventListener('change', () => {
    keep();
    showHow();
    say(null);
  });
}
for (const kind of kinds) $(`#${kind}`).addEventListener('change', () => choose(kind));
form.addEventListener('submit', (event) => {
  event.preventDefault();
  submit();
});
// Back from the review, to the page as the browser has frozen it: what it shows was sent.
addEventListener('pageshow', (event) => event.persisted && location.reload());
watchKept((name) => {
  const id = drafts.draftOf(name);
  if (id === null || (drafts.isOwn(id) && sending)) return;
  if (drafts.isOwn(id)) {
    drafts.begin();
    clear();
    say(t('drafts.elsewhere'));
  }

  changedElsewhere(id, take, finish);
});

await start();
showSend();
showSessions();
watchOthers(take, finish);
form.dataset.ready = 'true';
// The tab was loaded again, or the key had to be given again, while it was on its way: whether it arrived is found out by sending it again.
if (drafts.find()?.sent && !fault()) submit();
