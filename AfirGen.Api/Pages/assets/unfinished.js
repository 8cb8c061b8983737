// What tabs that were closed have left: drafts, which are offered again, and complaints that were on their way, which are finished.
import * as drafts from './drafts.js';
import { $, el, instant, readable, t } from './page.js';
import { kept } from './store.js';

const excerptLength = 80;
const open = new Set();
const closed = new Set();

/** The sessions that were begun on this computer, to come back to. */
export function remember(session, firNumber) {
  const others = (kept.get('sessions') ?? []).filter((other) => other.session !== session);
  kept.set('sessions', [{ session, firNumber, at: new Date().toISOString() }, ...others].slice(0, 12));
}

export function showSessions() {
  const begun = kept.get('sessions') ?? [];
  $('#continue').hidden = begun.length === 0;
  $('#continue ul').replaceChildren(
    ...begun.map(({ session, firNumber, at }) =>
      el('li', {}, el('a', { href: `/session/${session}` }, firNumber), ' ', el('span', { class: 'hint' }, instant(at))),
    ),
  );
}

/** The second click of a double click falls on the draft that has moved up under the pointer. */
const once = (act) => (event) => event.detail < 2 && act();

function offer({ id, how, text, image, audio, at }, take) {
  const written = text.trim();
  const said = { text: written, image, audio }[how] || written || image || audio || t(`complaint.${how}`);
  const excerpt = readable([...said].slice(0, excerptLength).join(''));
  const discard = async () => {
    closed.delete(id);
    await drafts.drop(id);
    showOffers(take);
  };
  return el(
    'li',
    { 'data-draft': id },
    el('bdi', {}, excerpt),
    ' ',
    el('span', { class: 'hint' }, instant(at)),
    ' ',
    el('button', { type: 'button', class: 'take', 'aria-label': `${t('drafts.take')}: ${excerpt}`, onclick: once(() => take(id)) }, t('drafts.take')),
    ' ',
    el('button', { type: 'button', class: 'quiet drop', 'aria-label': `${t('drafts.discard')}: ${excerpt}`, onclick: once(discard) }, t('drafts.discard')),
  );
}

/** @param take goes on with a draft in this tab */
export function showOffers(take) {
  const offered = drafts.others().filter((draft) => closed.has(draft.id) && !draft.sent);
  $('#unfinished').hidden = offered.length === 0;
  $('#unfinished ul').replaceChildren(...offered.map((draft) => offer(draft, take)));
}

/**
 * @param take goes on with a draft in this tab
 * @param finish sends again what was on its way: that very draft, with its key
 */
export function watchOthers(take, finish) {
  for (const { id } of drafts.others()) {
    if (open.has(id) || closed.has(id)) continue;
    open.add(id);
    drafts.whenClosed(id, () => {
      open.delete(id);
      if (drafts.isOwn(id)) return;
      closed.add(id);
      if (drafts.find(id)?.sent) finish(id);
      else showOffers(take);
    });
  }
}

/** A tab has written or dropped this draft: so it is open there, or gone. */
export function changedElsewhere(id, take, finish) {
  if (navigator.locks) {
    closed.delete(id);
    watchOthers(take, finish);
  }

  showOffers(take);
}
