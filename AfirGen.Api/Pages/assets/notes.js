// What was typed into the review of one session and not sent.
import { kept, keptHere, watchKept } from './store.js';
import { sectionToAdd } from './steps.js';

/**
 * An entry for each field, so that two tabs that have this session open keep both what they type. A tab sees its own words first; those of
 * a tab that was closed are there for the next.
 * @param gone is called when what this tab shows was sent or discarded in another one
 */
export function notesOf(session, gone) {
  const notesName = `notes.${session}.`;
  const shownHere = new Map(); // what this tab has shown last of other tabs' notes, by name
  const notes = {
    get(name) {
      const own = keptHere.get(notesName + name);
      if (own !== null) return own;
      const other = kept.get(notesName + name) ?? undefined;
      shownHere.set(name, other);
      return other;
    },
    set(name, value) {
      for (const store of [keptHere, kept]) store.set(notesName + name, value);
    },
    /** What another tab has typed into the same field since is not this one's to clear. */
    clear(name) {
      const cleared = keptHere.get(notesName + name) ?? shownHere.get(name);
      keptHere.remove(notesName + name);
      if (kept.get(notesName + name) === cleared) kept.remove(notesName + name);
    },
    names: () => [...new Set([keptHere, kept].flatMap((store) => store.names(notesName)))],
    isWritten: (name) => Boolean(notes.get(name)?.trim()),
    /** By key of the form. */
    fields() {
      const names = notes.names().filter((name) => name.startsWith('field.'));
      return Object.fromEntries(names.map((name) => [name.slice('field.'.length), notes.get(name)]));
    },
    /** What has arrived is forgotten; what was typed meanwhile is not. */
    arrived({ user_input: text, fields = {} }) {
      const sent = { correction: text, ...Object.fromEntries(Object.entries(fields).map(([key, value]) => [`field.${key}`, value])) };
      for (const store of [keptHere, kept]) {
        for (const [name, value] of Object.entries(sent)) if (store.get(notesName + name) === value) store.remove(notesName + name);
        if (text === sectionToAdd(store.get(`${notesName}section`) ?? '')) store.remove(`${notesName}section`);
      }
    },
  };

  watchKept((name, before, now) => {
    if (!name.startsWith(notesName) || now !== null) return;
    const own = keptHere.get(name);
    if (own !== null && own !== before) {
      kept.set(name, own); // not sent: it is there for the next tab when this one is closed
      return;
    }

    // Here it would be sent a second time; and what is on screen is what is approved.
    keptHere.remove(name);
    if (own !== null || shownHere.get(name.slice(notesName.length)) !== undefined) gone();
  });

  return notes;
}
