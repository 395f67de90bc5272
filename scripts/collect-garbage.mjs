// Loaded before the server (`node --expose-gc --import …`): collects all garbage four times a second, so that what must
// not be collected would be. better-sqlite3 12 aborts under Node 24 when a connection or a statement is.
const EVERY_MS = 250;

if (typeof globalThis.gc !== "function") throw new Error("Run node with --expose-gc.");
setInterval(() => globalThis.gc(), EVERY_MS).unref();
