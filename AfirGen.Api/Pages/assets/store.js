// What must survive a closed tab: drafts and requests that are not acknowledged yet. Texts in localStorage, which is written at once;
// files in IndexedDB, which can hold them. Everything is kept apart for each key that signs in on this computer. What the browser cannot
// keep, because its storage is full or turned off, lives as long as the page, which says so: it is sent all the same.
import { page, sayUnkept } from './page.js';

const prefix = `afirgen.${page.viewer}.`;
const unkept = { texts: new Map(), files: new Map() };

export const isAllKept = () => unkept.texts.size + unkept.files.size === 0;

const showUnkept = () => sayUnkept(!isAllKept());

/** Full, turned off, or broken; anything else is a fault of ours. */
function requireStorageFault(failure) {
  if (!(failure instanceof DOMException)) throw failure;
}

const turnedOff = {
  getItem: () => null,
  removeItem: () => {},
  setItem() {
    throw new DOMException('turned off', 'SecurityError');
  },
};

function storageOf(name) {
  try {
    return window[name] ?? turnedOff;
  } catch (failure) {
    requireStorageFault(failure);
    return turnedOff;
  }
}

const local = storageOf('localStorage');

/** @param missed what the storage could not take, by name: it comes first, for what is stored under its name is older */
const entries = (storage, missed) => ({
  get(name) {
    const value = missed.get(name) ?? storage.getItem(prefix + name);
    return value === null ? null : JSON.parse(value);
  },
  set(name, value) {
    const written = JSON.stringify(value);
    try {
      storage.setItem(prefix + name, written);
      missed.delete(name);
    } catch (failure) {
      requireStorageFault(failure);
      missed.set(name, written);
    }

    showUnkept();
  },
  remove(name) {
    storage.removeItem(prefix + name);
    missed.delete(name);
    showUnkept();
  },
  /** All names that begin so, without their beginning. */
  names(beginning) {
    const stored = Object.keys(storage).filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
    return [...new Set([...stored, ...missed.keys()])].filter((name) => name.startsWith(beginning)).map((name) => name.slice(beginning.length));
  },
});

/** Of all tabs together; stays when they are closed. */
export const kept = entries(local, unkept.texts);

/** Of this tab alone; stays when it is loaded again. What is missed here is in the other one too, or can be missed. */
export const keptHere = entries(storageOf('sessionStorage'), new Map());

const parsed = (text) => (text === null ? null : JSON.parse(text));

/** @param changed is called with the name of what another tab has kept or removed, what stood there before, and what stands there now */
export function watchKept(changed) {
  addEventListener('storage', (event) => {
    if (event.storageArea !== local || !event.key?.startsWith(prefix)) return;
    changed(event.key.slice(prefix.length), parsed(event.oldValue), parsed(event.newValue));
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
      transaction.onabort = () => reject(transaction.error);
    });
    const [result] = await Promise.all([request(work(transaction.objectStore('files'))), done]);
    return result;
  } finally {
    database.close();
  }
}

/** @param otherwise is called when the browser's storage fails */
async function tried(work, otherwise) {
  try {
    return await work();
  } catch (failure) {
    requireStorageFault(failure);
    return otherwise();
  } finally {
    showUnkept();
  }
}

export const keptFiles = {
  get: async (name) =>
    unkept.files.get(name) ?? (await tried(() => files('readonly', (store) => store.get(prefix + name)), () => undefined)),
  set: (name, file) =>
    tried(
      async () => {
        // The one before goes first: where there is no room for this one, that one must not be sent under its name.
        await files('readwrite', (store) => store.delete(prefix + name));
        await files('readwrite', (store) => store.put(file, prefix + name));
        unkept.files.delete(name);
      },
      () => unkept.files.set(name, file),
    ),
  remove(name) {
    unkept.files.delete(name);
    return tried(() => files('readwrite', (store) => store.delete(prefix + name)), () => undefined); // no draft names it any more
  },
};
