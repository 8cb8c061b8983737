// A complaint on its way to the service.
import { refusal, send } from './api.js';
import { newKey, sayAway, t, withProgress } from './page.js';

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
 * Sends a draft as it is written down, and nothing else: the same content under the same key, however often it is sent.
 * @returns null when the file cannot be read
 */
export async function deliver(draft, content) {
  try {
    return await withProgress(t(draft.how === 'text' ? 'complaint.sending' : 'complaint.reading'), () =>
      send({
        path: '/process',
        key: draft.key,
        // Text goes as JSON: a form would turn its line breaks into others.
        ...(draft.how === 'text' ? { json: { text: draft.text } } : { body: () => upload(draft.how, content) }),
      }),
    );
  } catch (failure) {
    if (!(failure instanceof DOMException)) throw failure;
    sayAway(null);
    return null;
  }
}

/** What the officer is told. */
export const whyNot = (answer) => (answer ? refusal(answer) : t('complaint.unreadable'));

/** Not sent, or refused. Where it may have arrived all the same, it is noted with its key: sent again by hand, it is the same complaint. */
export function unsent(draft, answer) {
  if (!answer) return { ...draft, sent: false };
  const { how, key } = draft;
  const others = (draft.asked ?? []).filter((one) => one.key !== key);
  return answer.unknown
    ? { ...draft, sent: false, asked: [...others, { how, [how]: draft[how], key }] }
    : { ...draft, sent: false, asked: others, key: newKey() };
}
