// A complaint on its way to the service.
import { refusal, send } from './api.js';
import { newKey, page, sayAway, t, withProgress } from './page.js';

/** Before the service forgets a key, nothing is sent with it any more: the clocks differ, and a large file takes its time. */
const margin = 60 * 60 * 1000;

/** What may have arrived so long ago that the service does not know its key any more: with that key it would be a second complaint (G3). */
class Forgotten extends Error {}

/** A clock that was put back by as much says nothing of the age either. */
function requireKnown({ first }) {
  if (Math.abs(Date.now() - first) > page.answersKept - margin) throw new Forgotten();
}

const forgotten = { ok: false, unknown: true, forgotten: true, body: {} };

/** @returns a copy in memory; null when the file cannot be read */
export async function copied(file) {
  try {
    return new File([await file.arrayBuffer()], file.name, { type: file.type });
  } catch (failure) {
    if (failure instanceof DOMException) return null;
    throw failure;
  }
}

async function upload(kind, file) {
  const body = new FormData();
  body.append(kind, new Blob([await file.arrayBuffer()], { type: file.type }), file.name);
  return body;
}

/**
 * Sends a draft as it is written down, and nothing else: the same content under the same key, however often it is sent. Its age is looked
 * at each time: a computer may have slept between two attempts.
 * @returns null when the file cannot be read; `forgotten` when it was sent too long ago to be sent with its key again
 */
export async function deliver(draft, content) {
  const text = () => {
    requireKnown(draft);
    return { text: draft.text };
  };
  const file = () => {
    requireKnown(draft);
    return upload(draft.how, content);
  };
  try {
    return await withProgress(t(draft.how === 'text' ? 'complaint.sending' : 'complaint.reading'), () =>
      send({
        path: '/process',
        key: draft.key,
        // Text goes as JSON: a form would turn its line breaks into others.
        ...(draft.how === 'text' ? { json: { toJSON: text } } : { body: file }),
      }),
    );
  } catch (failure) {
    if (!(failure instanceof DOMException || failure instanceof Forgotten)) throw failure;
    sayAway(null);
    return failure instanceof Forgotten ? forgotten : null;
  }
}

/** What the officer is told. */
export function whyNot(answer) {
  if (!answer) return t('complaint.unreadable');
  return answer.forgotten ? t('complaint.forgotten') : refusal(answer);
}

/** Not sent, or refused. Where it may have arrived all the same, it is noted with its key: sent again by hand, it is the same complaint. */
export function unsent(draft, answer) {
  if (!answer) return { ...draft, sent: false };
  const { how, key, first } = draft;
  const others = (draft.asked ?? []).filter((one) => one.key !== key);
  return answer.unknown
    ? { ...draft, sent: false, asked: [...others, { how, [how]: draft[how], key, first }] }
    : { ...draft, sent: false, asked: others, key: newKey(), first: undefined };
}
