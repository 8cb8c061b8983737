// The five steps of one session, and its registration. Whatever was decided here is kept in the browser until the service has
// acknowledged it, and sent again with the same key after a restart of either.
import { mayReview, refusal, send } from './api.js';
import { fieldEditor } from './fields.js';
import { notesOf } from './notes.js';
import { $, el, newKey, problemText, readable, t, withProgress } from './page.js';
import { registration } from './registration.js';
import { kept } from './store.js';
import { artefact, steps } from './steps.js';

const root = $('#review');
const id = root.dataset.session;
const pendingName = `pending.${id}.`;
const registeringName = `registering.${id}`;
const notes = notesOf(id, redraw);
const maxNote = 10000;
let session = null;
let etag = null;
let busy = false;
let outdated = false; // something on screen stands there no more
let unsettled = null; // the name of a decision of which the service could not say whether it was carried out

function setBusy(value) {
  busy = value;
  root.setAttribute('aria-busy', String(value));
  // Whoever may not review may still register.
  for (const button of root.querySelectorAll('button')) button.disabled = value || !(mayReview || button.id === 'register');
}

function say(message, isProblem = false) {
  const place = $('#said');
  place.textContent = message ?? '';
  place.className = message ? (isProblem ? 'problem' : 'done') : '';
}

/** Decides something. A second click while the first is on its way does nothing. */
async function act(request) {
  if (busy || !mayReview) return;
  const { user_input: text = '', fields = {} } = request.json;
  if ([text, ...Object.values(fields)].some((written) => [...written].length > maxNote)) {
    say(t('review.too-long'), true);
    return;
  }

  const earlier = unsettled && kept.get(unsettled);
  // The same again, by hand: as it was written down, with its key. What is decided instead of it takes its place.
  if (earlier && isSame(earlier, request)) {
    const again = { ...earlier, unknown: false };
    kept.set(unsettled, again);
    return perform(unsettled, again);
  }

  if (unsettled) kept.remove(unsettled);
  unsettled = null;
  const key = newKey();
  const name = pendingName + key;
  kept.set(name, { key, at: Date.now(), ...request });
  // As it was written down: the same key never carries another body, whatever is typed while it is on its way.
  await perform(name, kept.get(name));
}

/** What a decision says, in whatever order its fields were written. */
const wordingOf = ({ path, json: { fields = {}, ...json } }) => JSON.stringify([path, json, Object.entries(fields).sort()]);

const isSame = (one, other) => wordingOf(one) === wordingOf(other);

async function perform(name, pending) {
  setBusy(true);
  await withProgress(t(pending.doing ?? 'review.working'), async () => {
    const answer = await send(pending);
    if (answer.ok) notes.arrived(pending.json);
    if (answer.unknown) {
      kept.set(name, { ...pending, unknown: true });
      return leaveOpen(name, pending);
    }

    unsettled = null;
    kept.remove(name);
    await load(answer.ok ? doneText(pending, answer.body) : refusal(answer), !answer.ok);
  });
}

/** The service could not say whether it was carried out. It is sent again by hand only: the officer may have thought better of it. */
async function leaveOpen(name, pending) {
  unsettled = name;
  await load(t('outcome.unknown'), true);
  const isRegistered = $('#official') !== null;
  if (!isRegistered && !hasMoved(pending.json)) return;
  // "Send the same again" would be said beside a button that now decides on something else, which nobody has read, or on nothing.
  unsettled = null;
  kept.remove(name);
  say(isRegistered ? null : t('outcome.moved'), true);
}

/** A correction belongs to its step too: sent again from another one it would be another decision, and twice in the FIR (G3). */
const hasMoved = ({ approved, step }) =>
  session && step && (session.current_step !== step || (approved && session.status === 'completed'));

/** "Drafted in" would be wrong where the service says that something could not be. */
const doneText = ({ done }, body) => t(done === 'review.done.corrected' && body.content?.notice ? 'review.done.noticed' : done);

/** Says nothing new where nothing was decided. */
async function load(message = undefined, isProblem = false) {
  const answer = await send({ path: `/session/${id}/status` });
  if (!answer.ok) return showFailure(answer);
  const moved = session && (session.current_step !== answer.body.current_step || session.status !== answer.body.status);
  session = answer.body;
  etag = answer.etag;
  outdated = false; // what is drawn from here on is of now
  const body = await drawn();
  const typing = typingPlace();
  show(body);
  setBusy(false);
  if (message !== undefined) say(message, isProblem);
  if (!goOnTyping(typing) && (moved || message)) $('#step-title')?.focus(); // the button that had it is gone
  if (outdated) redraw();
}

function showFailure(answer) {
  const title = t(answer.status === 404 ? 'problem.404' : 'problem.other');
  const heading = el('h1', { tabindex: '-1' }, title);
  const back = encodeURIComponent(location.pathname);
  $('#review-head').replaceChildren();
  $('#review-body').replaceChildren(
    el(
      'section',
      { class: 'card' },
      heading,
      el('p', {}, problemText(answer.body)),
      answer.status === 401 ? el('p', {}, el('a', { href: `/sign-in?back=${back}` }, t('sign-in'))) : null,
    ),
  );
  session = null; // nothing is on screen that could be drawn anew
  setBusy(false);
  say(null);
  heading.focus(); // the button that had it is gone
}

/** Another tab has sent or discarded what is on screen here. */
function redraw() {
  outdated = true;
  if (busy || !session) return;
  setBusy(true);
  load();
}

/** Where somebody is typing while the answer arrives; what is typed is in the notes already. */
function typingPlace() {
  const at = document.activeElement;
  return at?.matches('#review :is(textarea, input:not([type=password]))') && at.value !== ''
    ? { id: at.id, start: at.selectionStart, end: at.selectionEnd }
    : null;
}

function goOnTyping(place) {
  const at = place && document.getElementById(place.id);
  if (!at || at.value === '') return false;
  at.focus();
  at.setSelectionRange(place.start, place.end);
  return document.activeElement === at;
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

/** What stands in a field of this step and was not sent; the field for a section is there in one step only. */
const isUnsent = () =>
  mayReview &&
  (notes.isWritten('correction') ||
    (session.current_step === 'violations_review' && notes.isWritten('section')) ||
    Object.keys(notes.fields()).length > 0);

function approve() {
  if (busy) return;
  if (isUnsent()) {
    show(underReview()); // it may have been typed in another tab
    setBusy(false);
    say(t('review.unsent'), true);
    $('#approve').focus();
    return;
  }

  act({ ...decide({ approved: true }), done: 'review.done.approved' });
}

/** @param written `user_input`, or `fields` by key */
function correct(written) {
  act({ ...decide({ approved: false, ...written }), done: 'review.done.corrected' });
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
    readonly: !mayReview,
    value: notes.get('correction') ?? '',
    'aria-describedby': 'correction-hint',
    oninput: () => (text.value ? notes.set('correction', text.value) : notes.clear('correction')),
  });
  return el(
    'details',
    { class: 'correction', open: notes.isWritten('correction') },
    el('summary', {}, t('review.correct')),
    el('label', { for: 'correction' }, t('review.correction')),
    text,
    el('p', { class: 'hint', id: 'correction-hint' }, t('review.correction.hint')),
    el(
      'button',
      { type: 'button', id: 'send-correction', onclick: () => text.value.trim() && correct({ user_input: text.value }) },
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
    session.content.notice ? el('p', { class: 'notice', lang: 'en' }, readable(session.content.notice)) : null,
    isFinal ? fieldEditor(session.content, notes, correct) : artefact(session.content, notes, (text) => correct({ user_input: text })),
    el(
      'div',
      { class: 'actions' },
      el(
        'button',
        { type: 'button', id: 'approve', class: 'primary', onclick: approve, 'aria-describedby': mayReview ? null : 'why-not' },
        t('review.approve'),
      ),
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
    session.error ? el('p', { class: 'notice', lang: 'en' }, readable(session.error)) : null,
    el(
      'div',
      { class: 'actions' },
      el('button', { type: 'button', id: 'read', class: 'primary', onclick: again }, t('review.read')),
    ),
  );
}

async function drawn() {
  return (
    session.status === 'expired' ? expired()
    : session.status === 'completed' ? await registration({ session, etag, notes, correct, correction: notes.isWritten('correction') ? correction() : null, isUnsent, registeringName, setBusy, reload: load })
    : session.status === 'processing' ? unread()
    : underReview()
  );
}

/** Around the line that says what became of a decision: it stays, for a reader of the screen says what changes in it and not what is new. */
function show(body) {
  $('#review-head').replaceChildren(el('h1', {}, session.fir_number), stepper(body.classList.contains('receipt')));
  $('#review-body').replaceChildren(...(mayReview ? [] : [el('p', { class: 'notice', id: 'why-not' }, t('role.officer'))]), body);
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

// Decisions that were on their way when a tab or the service went: they are finished before anything else is shown. Of which it could not
// say whether they were carried out, the last one is named.
const pending = mayReview ? kept.names(pendingName).map((key) => kept.get(pendingName + key)) : [];
pending.sort((one, other) => one.at - other.at);
const onTheirWay = pending.filter((one) => !one.unknown);
for (const one of onTheirWay) await perform(pendingName + one.key, one);
const open = pending.findLast((one) => one.unknown);
for (const one of pending) if (one.unknown && one !== open) kept.remove(pendingName + one.key);
if (open && !unsettled) await leaveOpen(pendingName + open.key, open);
else if (onTheirWay.length === 0) await load();
root.dataset.ready = 'true';
