// Entries that this browser keeps (IndexedDB), one database for each sort of them: { key, … }.
const STORE_VERSION = 1;

export function createEntryStore(databaseName, storeName) {
  let opened;

  function open() {
    opened ??= connect().catch((error) => {
      opened = undefined;
      throw error;
    });
    return opened;
  }

  function connect() {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open(databaseName, STORE_VERSION);
      request.onupgradeneeded = () => request.result.createObjectStore(storeName, { keyPath: "key" });
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

  // Resolves once the change is safe on the disk of this device.
  async function change(act) {
    const database = await open();
    await new Promise((resolve, reject) => {
      const transaction = database.transaction(storeName, "readwrite", { durability: "strict" });
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
      act(transaction.objectStore(storeName));
      // A page that is being closed waits for no events.
      transaction.commit?.();
    });
  }

  return {
    keep: (entry) => change((store) => store.put(entry)),
    // Of an entry that is not there nothing is said.
    forget: (key) => change((store) => store.delete(key)),
    // In the order of their keys.
    async list() {
      const database = await open();
      return await new Promise((resolve, reject) => {
        const request = database.transaction(storeName).objectStore(storeName).getAll();
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    },
  };
}
