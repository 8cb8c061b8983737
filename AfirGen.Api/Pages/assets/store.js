// What must survive a closed tab: drafts and requests that are not acknowledged yet. Texts in localStorage, which is written at once;
// files in IndexedDB, which can hold them. Everything is kept apart for each key that signs in on this computer.
import { page } from './page.js';

const prefix = `afirgen.${page.viewer}.`;

const entries = (storage) => ({
  get(name) {
    const value = storage.getItem(prefix + name);
    return value === null ? null : JSON.parse(value);
  },
  set: (name, value) => storage.setItem(prefix + name, JSON.stringify(value)),
  remove: (name) => storage.removeItem(prefix + name),
  /** All names that begin so, without their beginning. */
  names: (beginning) =>
    Object.keys(storage)
      .filter((name) => name.startsWith(prefix + beginning))
      .map((name) => name.slice((prefix + beginning).length)),
});

/** Of all tabs together; stays when they are closed. */
export const kept = entries(localStorage);

/** Of this tab alone; stays when it is loaded again. */
export const keptHere = entries(sessionStorage);

/** @param changed is called with the name of what another tab has kept or removed */
export function watchKept(changed) {
  addEventListener('storage', (event) => {
    if (event.storageArea === localStorage && event.key?.startsWith(prefix)) changed(event.key.slice(prefix.length));
  });
}

function request(operation) {
  return new Promise((resolve, reject) => {
    operation.onsuccess = () => resolve(operation.result);
    operation.onerror = () => reject(operation.error);
  });
}

async function files(mode, work) {
  const open = indexedDB.open('afirgen', 1);
  open.onupgradeneeded = () => open.result.createObjectStore('files');
  const database = await request(open);
  try {
    const transaction = database.transaction('files', mode, { durability: 'strict' });
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
    const result = await request(work(transaction.objectStore('files')));
    await done;
    return result;
  } finally {
    database.close();
  }
}

export const keptFiles = {
  get: (name) => files('readonly', (store) => store.get(prefix + name)),
  set: (name, file) => files('readwrite', (store) => store.put(file, prefix + name)),
  remove: (name) => files('readwrite', (store) => store.delete(prefix + name)),
};
