// Complaints that the service does not have yet: a draft for each tab, so that two that are written side by side stay two. A tab that
// is closed leaves its draft on this computer, where the next one finds it.
import { newKey } from './page.js';
import { kept, keptFiles, keptHere } from './store.js';

const beginning = 'draft.';
const lockName = 'afirgen.draft';
const kinds = ['image', 'audio'];

let id = keptHere.get('draft') ?? newKey();
let release = () => {};

const lockOf = (draft) => `${lockName}.${draft}`;

/** Held as long as this tab has the draft open. Plain http on a station's network has no locks: there every other tab counts as closed. */
function hold() {
  keptHere.set('draft', id);
  release();
  const closed = new Promise((resolve) => (release = resolve));
  navigator.locks?.request(lockOf(id), () => closed);
}

/**
 * @returns {{how: string, text: string, image: ?string, audio: ?string, key: string, sent: boolean, first: ?number, asked: ?object[], at: string} | null}
 *   files by name; `first`: when it was sent with its key for the first time; `asked`: what was sent with a key of its own, and of which the
 *   service could not say whether it has it
 */
export const find = (draft = id) => kept.get(beginning + draft);

export const set = (value, draft = id) => kept.set(beginning + draft, { ...value, at: new Date().toISOString() });

/** Null where the draft names none: a file of that kind was sent, or is about to be kept. */
export const file = async (kind, draft = id) => (find(draft)?.[kind] && (await keptFiles.get(`${kind}.${draft}`))) || null;

export const setFile = (kind, content) => (content ? keptFiles.set(`${kind}.${id}`, content) : keptFiles.remove(`${kind}.${id}`));

export const forget = (draft = id) => kept.remove(beginning + draft);

/**
 * The service has what was sent. What was written or chosen beside it, and not sent, stays: a draft with a key of its own.
 * @returns whether something stays
 */
export async function acknowledge(sent, draft = id) {
  const now = find(draft);
  if (now && now.key !== sent.key) return true; // it was acknowledged in another tab, and is what stays of it
  const asked = (sent.asked ?? []).filter((one) => one.how !== sent.how);
  const left = { ...sent, [sent.how]: sent.how === 'text' ? '' : null, key: newKey(), sent: false, first: undefined, asked };
  const how = left.text.trim() ? 'text' : kinds.find((kind) => left[kind]);
  if (how) {
    // Before its file goes: a file that no draft names is nobody's.
    set({ ...left, how }, draft);
    if (sent.how !== 'text') await keptFiles.remove(`${sent.how}.${draft}`);
  } else {
    await drop(draft);
  }

  return Boolean(how);
}

/** Forgets a draft with its files: the service has it, or nobody wants it. */
export async function drop(draft = id) {
  forget(draft);
  for (const kind of kinds) await keptFiles.remove(`${kind}.${draft}`);
}

/** From here on this tab has another draft, an empty one; the one that it had stays as it is. */
export function begin() {
  id = newKey();
  hold();
}

/** This tab goes on with a draft. Writing it tells a tab that has it open still that it is no longer its own. */
export function take(draft) {
  id = draft;
  hold();
  set(find());
}

/** Newest first. */
export const others = () =>
  kept
    .names(beginning)
    .filter((draft) => draft !== id)
    .map((draft) => ({ id: draft, ...find(draft) }))
    .sort((one, other) => other.at.localeCompare(one.at));

/** The draft of an entry that another tab has changed; null when it is about something else. */
export const draftOf = (name) => (name.startsWith(beginning) ? name.slice(beginning.length) : null);

export const isOwn = (draft) => draft === id;

/** Calls back once no other tab has the draft open. */
export function whenClosed(draft, then) {
  if (navigator.locks) navigator.locks.request(lockOf(draft), { mode: 'shared' }, () => void then());
  else then();
}

hold();
