// The five steps of one session, and its registration. Whatever was decided here is kept in the browser until the service has
// acknowledged it, and sent again with the same key after a restart of either.
import { mayReview, problemType, send } from './api.js';
import { fieldEditor } from './fields.js';
import { $, el, newKey, page, problemText, t, withProgress } from './page.js';
import { registration } from './registration.js';
import { kept } from './store.js';
import { artefact, steps } from './steps.js';

const root = $('#review');
const id = root.dataset.session;
const pendingName = `pending.${id}`;
const notesName = `notes.${id}`;
const maxNote = 10000;
let session = null;
let etag = null;
let busy = false;
let said = null;

const notes = {
  get: (name) => kept.get(notesName)?.[name],
  set(name, value) {
    kept.set(notesName, { ...kept.get(notesName), [name]: value });
  },
  clear(names) {
    const left = { ...kept.get(notesName) };
    for (const name of names) delete left[name];
    if (Object.keys(left).length === 0) kept.remove(notesName);
    else kept.set(notesName, left);
  },
};

function setBusy(value) {
  busy = value;
  root.setAttribute('aria-busy', String(value));
  for (const button of root.querySelectorAll('button')) button.disabled = value;
}

function say(message, isProblem = false) {
  said = message ? { message, isProblem } : null;
  const place = $('#said');
  if (!place) return;
  place.textContent = message ?? '';
  place.className = isProblem ? 'problem' : 'done';
  place.hidden = !message;
}

/** Decides something. A second click while the first is on its way does nothing. */
async function act(request) {
  if (busy) return;
  const { user_input: text = '', fields = {} } = request.json;
  if ([text, ...Object.values(fields)].some((written) => [...written].length > maxNote)) {
    say(t('review.too-long'), true);
    return;
  }

  const pending = { key: newKey(), ...request };
  kept.set(pendingName, pending);
  await perform(pending);
}

async function perform(pending) {
  setBusy(true);
  await withProgress(t(pending.doing ?? 'review.working'), async () => {
    const answer = await send(pending);
    kept.remove(pendingName);
    if (answer.ok) notes.clear(pending.clears ?? []);
    await load(answer.ok ? t(pending.done) : problemText(answer.body), !answer.ok);
  });
}

async function load(message = null, isProblem = false) {
  const answer = await send({ path: `/session/${id}/status` });
  if (!answer.ok) {
    root.replaceChildren(el('section', { class: 'card' }, el('h1', {}, t('problem.404')), el('p', {}, problemText(answer.body))));
    return;
  }

  const moved = session && (session.current_step !== answer.body.current_step || session.status !== answer.body.status);
  session = answer.body;
  etag = answer.etag;
  await draw();
  setBusy(false);
  say(message, isProblem);
  if (moved || message) $('#step-title')?.focus(); // the button that had it is gone
}

function stepper(registered) {
  const at = registered ? steps.length + 1 : session.status === 'completed' ? steps.length : steps.indexOf(session.current_step);
  return el(
    'ol',
    { class: 'stepper', 'aria-label': t('review.steps') },
    [...steps, 'registration'].map((step, index) =>
      el(
        'li',
        { class: index < at ? 'past' : index === at ? 'now' : 'next', 'aria-current': index === at ? 'step' : null },
        el('span', { class: 'dot', 'aria-hidden': 'true' }, index < at ? '✓' : String(index + 1)),
        el('span', {}, t(`step.${step}`), index < at ? el('span', { class: 'hidden' }, ` (${t('review.approved')})`) : null),
      ),
    ),
  );
}

const decide = (json) => ({ path: '/validate', ifMatch: etag, json: { session_id: id, step: session.current_step, ...json } });

function approve() {
  if (notes.get('correction') || Object.keys(notes.get('fields') ?? {}).length > 0) {
    say(t('review.unsent'), true);
    return;
  }

  act({ ...decide({ approved: true }), done: 'review.done.approved' });
}

/** @param written `user_input`, or `fields` by key */
function correct(written, clears) {
  act({ ...decide({ approved: false, ...written }), clears, done: 'review.done.corrected' });
}

function redraft() {
  act({
    path: `/regenerate/${id}`,
    ifMatch: etag,
    json: { step: session.current_step },
    done: 'review.done.redrafted',
  });
}

function correction() {
  const text = el('textarea', {
    id: 'correction',
    rows: 4,
    value: notes.get('correction') ?? '',
    'aria-describedby': 'correction-hint',
    oninput: () => (text.value ? notes.set('correction', text.value) : notes.clear(['correction'])),
  });
  return el(
    'details',
    { class: 'correction', open: Boolean(notes.get('correction')) },
    el('summary', {}, t('review.correct')),
    el('label', { for: 'correction' }, t('review.correction')),
    text,
    el('p', { class: 'hint', id: 'correction-hint' }, t('review.correction.hint')),
    el(
      'button',
      { type: 'button', id: 'send-correction', onclick: () => text.value.trim() && correct({ user_input: text.value }, ['correction']) },
      t('review.send-correction'),
    ),
  );
}

function underReview() {
  const isFinal = session.current_step === 'final_review';
  return el(
    'section',
    { class: 'card step', 'aria-labelledby': 'step-title' },
    el('h2', { id: 'step-title', tabindex: '-1' }, t(`step.${session.current_step}`)),
    el('p', { class: 'hint' }, t(`step.${session.current_step}.hint`)),
    session.content.notice ? el('p', { class: 'notice' }, session.content.notice) : null,
    isFinal ? fieldEditor(session.content, notes, correct) : artefact(session.content, (text) => correct({ user_input: text }, [])),
    el(
      'div',
      { class: 'actions' },
      el('button', { type: 'button', id: 'approve', class: 'primary', onclick: approve }, t('review.approve')),
      el('button', { type: 'button', id: 'redraft', onclick: redraft }, t('review.redraft')),
    ),
    correction(),
  );
}

function expired() {
  const resume = () => act({ path: `/session/${id}/resume`, json: {}, done: 'review.done.resumed' });
  return el(
    'section',
    { class: 'card step' },
    el('h2', { id: 'step-title', tabindex: '-1' }, t('review.expired')),
    el('p', {}, t('review.expired.hint')),
    el('div', { class: 'actions' }, el('button', { type: 'button', id: 'resume', class: 'primary', onclick: resume }, t('review.resume'))),
  );
}

function unread() {
  const again = () =>
    act({ path: `/regenerate/${id}`, ifMatch: etag, json: { step: 'transcript_review' }, doing: 'complaint.reading', done: 'review.done.read' });
  return el(
    'section',
    { class: 'card step' },
    el('h2', { id: 'step-title', tabindex: '-1' }, t('review.unread')),
    el('p', {}, t('review.unread.hint')),
    session.error ? el('p', { class: 'notice', lang: 'en' }, session.error) : null,
    el(
      'div',
      { class: 'actions' },
      el('button', { type: 'button', id: 'read', class: 'primary', onclick: again }, t('review.read')),
    ),
  );
}

async function draw() {
  const body =
    session.status === 'expired' ? expired()
    : session.status === 'completed' ? await registration({ session, notes, correct, pendingName, setBusy, reload: load })
    : session.status === 'processing' ? unread()
    : underReview();
  root.replaceChildren(
    el('h1', {}, session.fir_number),
    stepper(body.classList.contains('receipt')),
    el('p', { id: 'said', role: 'status', hidden: !said }),
    ...(mayReview ? [] : [el('p', { class: 'notice' }, t('role.officer'))]),
    body,
  );
}

// The second click of a double click falls on what the first one brought: the next step, which nobody has read yet.
root.addEventListener(
  'click',
  (event) => {
    if (event.detail < 2 || !event.target.closest('button')) return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

const pending = kept.get(pendingName);
// A decision that was on its way when the tab or the service went: it is finished before anything else is shown.
if (pending?.json && mayReview) {
  await perform(pending);
} else {
  await load();
}
root.dataset.ready = 'true';
