// What is typed in an editor, kept in this browser (IndexedDB) until the server has it: one entry for each opened
// editor. An entry: { key, place, fields, savedAt }; `place` is the note's id, or "new".
const DATABASE = "starpunk";
const STORE = "typed";
const MAX_ENTRIES = 50;
const LIFETIME_MS = 30 * 86_400_000;

let opened;

// Resolves once the entry is safe on the disk of this device.
export function keep(entry) {
  return change((store) => store.put(entry));
}

// Of an entry that is not there nothing is said.
export function forget(key) {
  return change((store) => store.delete(key));
}

// The entries of a place, newest first. Those past their time or number are forgotten.
export async function list(place) {
  const entries = await readAll();
  entries.sort((a, b) => b.savedAt - a.savedAt);
  const kept = entries.filter(({ savedAt }, index) => index < MAX_ENTRIES && Date.now() - savedAt < LIFETIME_MS);
  for (const { key } of entries.filter((entry) => !kept.includes(entry))) await forget(key);
  return kept.filter((entry) => entry.place === place);
}

async function readAll() {
  const database = await open();
  return await new Promise((resolve, reject) => {
    const request = database.transaction(STORE).objectStore(STORE).getAll();
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function change(act) {
  const database = await open();
  await new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, "readwrite", { durability: "strict" });
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
    act(transaction.objectStore(STORE));
    // A page that is being closed waits for no events.
    transaction.commit?.();
  });
}

function open() {
  opened ??= connect().catch((error) => {
    opened = undefined;
    throw error;
  });
  return opened;
}

function connect() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "key" });
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
    request.onsuccess = () => {
      const database = request.result;
      const drop = () => {
        opened = undefined;
        database.close();
      };
      database.onversionchange = drop;
      database.onclose = drop;
      resolve(database);
    };
  });
}
