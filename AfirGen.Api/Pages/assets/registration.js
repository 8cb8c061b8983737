// After the final review: official number and receipt. The finalisation key is typed for each registration and never kept.
import { problemType, refusal, send } from './api.js';
import { fieldEditor } from './fields.js';
import { $, el, instant, newKey, page, readable, t, withProgress } from './page.js';
import { kept } from './store.js';

/** What became of a registration that was on its way when the tab or the service went. */
async function settle(registeringName) {
  const pending = kept.get(registeringName);
  if (!pending) return null;
  const ask = async () => (await send({ path: `/operations/${pending.key}?route=${encodeURIComponent('/authenticate')}` })).body.outcome;
  const ended = async () => {
    for (;;) {
      const outcome = await ask();
      if (outcome !== 'in_flight') return outcome;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  };
  // It is stored, and the registry may be away for long.
  if ((await withProgress(t('away.confirming'), ended)) !== 'done') return pending.key;
  kept.remove(registeringName);
  return null;
}

const wordOf = (name) =>
  name.startsWith('field.') ? t(`field.${name.slice('field.'.length)}`) : t({ correction: 'review.correction', section: 'section.add' }[name]);

/**
 * What was typed and not sent before the FIR was registered: it does not say it, and whoever typed it shall know. Of a field, to have emptied
 * it is something too.
 */
function unsentNotes(notes, recorded) {
  for (const [key, value] of Object.entries(notes.fields())) if (value === recorded[key]) notes.clear(`field.${key}`);
  const names = notes.names().filter((name) => name.startsWith('field.') || notes.isWritten(name));
  if (names.length === 0) return null;
  const item = (name) => {
    const word = wordOf(name);
    const discard = () => {
      notes.clear(name);
      const redrawn = unsentNotes(notes, recorded);
      if (redrawn) $('#unsent').replaceWith(redrawn);
      else $('#unsent').remove();
      $('#step-title').focus(); // the button that had it is gone
    };
    return el(
      'li',
      {},
      `${word}: `,
      el('bdi', {}, readable(notes.get(name).trim() || t('not-recorded'))),
      ' ',
      el('button', { type: 'button', class: 'quiet', 'aria-label': `${t('fields.discard')}: ${word}`, onclick: discard }, t('fields.discard')),
    );
  };
  return el('div', { class: 'notice', id: 'unsent' }, el('p', {}, t('receipt.unsent')), el('ul', {}, names.map(item)));
}

function receipt(session, receiptOf, notes) {
  const number = session.fir_number;
  const recorded = Object.fromEntries(session.content.fields.map((field) => [field.key, field.recorded ? field.value : '']));
  const file = new Blob([JSON.stringify(receiptOf, null, 2)], { type: 'application/json' });
  const row = (name, value, code = false) => el('div', { class: code ? 'wide' : null }, el('dt', {}, t(name)), el('dd', {}, code ? el('code', { class: 'hash' }, value) : value));
  return el(
    'section',
    { class: 'card step receipt' },
    el('h2', { id: 'step-title', tabindex: '-1' }, t('receipt.title')),
    el('p', { class: 'official', id: 'official' }, receiptOf.registration_number),
    el('p', {}, t('receipt.hint')),
    unsentNotes(notes, recorded),
    el(
      'dl',
      { class: 'facts' },
      row('receipt.draft', number),
      row('receipt.registered', instant(receiptOf.registered_at)),
      row('receipt.position', String(receiptOf.ledger_position)),
      row('receipt.hash', receiptOf.record_hash, true),
      row('receipt.signature', receiptOf.signature, true),
    ),
    el(
      'div',
      { class: 'actions' },
      el('a', { class: 'button primary', href: `/fir/${number}/print` }, t('fir.print')),
      el('a', { class: 'button', href: URL.createObjectURL(file), download: `receipt-${number}.json` }, t('receipt.save')),
      el('a', { class: 'button', href: '/' }, t('nav.new')),
    ),
  );
}

/**
 * @param etag of what is on screen: no other text gets the number
 * @param correction the field for what is wrong, when something stands in it that was typed before somebody else approved; otherwise null
 * @param isUnsent whether something was typed that the FIR does not say
 */
export async function registration({ session, etag, notes, correct, correction, isUnsent, registeringName, setBusy, reload }) {
  const number = session.fir_number;
  let key = await settle(registeringName);
  const fir = await send({ path: `/fir/${number}` });
  if (fir.body.status === 'finalized') {
    const others = (kept.get('sessions') ?? []).filter((other) => other.session !== session.session_id);
    kept.set('sessions', others);
    return receipt(session, (await send({ path: `/fir/${number}/receipt` })).body, notes);
  }

  const missing = () =>
    session.content.fields
      .filter((field) => field.mandatory && !field.recorded)
      .map((field) => t(`field.${field.key}`))
      .join(', ');
  const input = el('input', { id: 'auth-key', type: 'password', autocomplete: 'off', minlength: 8, maxlength: 256, required: true });
  async function register(event) {
    event.preventDefault();
    const place = $('#register-problem');
    if (!input.reportValidity() || $('#register').disabled) return;
    if (isUnsent()) {
      place.textContent = t('review.unsent');
      return;
    }

    setBusy(true);
    place.textContent = '';
    key ??= newKey();
    kept.set(registeringName, { key });
    const answer = await withProgress(t('register.working'), async () => {
      const given = await send({ here: true, path: '/authenticate', key, ifMatch: etag, json: { fir_number: number, auth_key: input.value } });
      if (!given.unknown) kept.remove(registeringName);
      if (given.ok) await reload(t('review.done.registered'));
      return given;
    });
    if (answer.ok) return;

    // Somebody else was faster, or has changed it: what is there now is shown.
    if (answer.status === 409 || answer.status === 412) return reload(refusal(answer), true);
    if (!answer.unknown) key = null;
    setBusy(false);
    place.textContent = problemType(answer) === 'fir-incomplete' ? `${refusal(answer)} ${missing()}` : refusal(answer);
    if (problemType(answer) === 'wrong-key') input.select();
  }

  return el(
    'div',
    {},
    el(
      'section',
      { class: 'card step', 'aria-labelledby': 'step-title' },
      el('h2', { id: 'step-title', tabindex: '-1' }, t('step.registration')),
      el('p', { class: 'hint' }, t('step.registration.hint')),
      page.registrar
        ? el(
            'form',
            { class: 'stack', onsubmit: register, novalidate: true },
            el('label', { for: 'auth-key' }, t('register.key')),
            input,
            el('p', { id: 'register-problem', class: 'problem', role: 'alert' }),
            el('div', { class: 'actions' }, el('button', { id: 'register', class: 'primary' }, t('register.button'))),
          )
        : el('p', { class: 'notice' }, t('role.registrar')),
    ),
    el(
      'section',
      { class: 'card step', 'aria-labelledby': 'reopen-title' },
      el('h2', { id: 'reopen-title' }, t(page.officer ? 'reopen.title' : 'fir.text')),
      page.officer ? el('p', { class: 'hint' }, t('reopen.hint')) : null,
      page.officer ? correction : null,
      fieldEditor(session.content, notes, correct),
    ),
  );
}
