// What was shared to this site from other apps and has not reached the server yet, in this browser (IndexedDB). A share:
// { key, title, text, url, files, sharedAt, problem, path }; `path` is that of the draft which it has become. It is
// delivered once however often it is sent: the server knows its key. Nothing here publishes.
import { createEntryStore } from "./entry-store.js";

const DATABASE = "starpunk-shares";
const ANSWER_MS = 120_000; // that the server may take for photos

// The problem of a share that the server refused without a reason.
export const REFUSED = "refused";

const shares = createEntryStore(DATABASE, "shares");

export const { keep, forget: discard } = shares;

// The shares that wait, oldest first.
export async function list() {
  return (await all()).filter(({ path }) => path === "");
}

async function all() {
  return (await shares.list()).sort((a, b) => a.sharedAt - b.sharedAt);
}

// A share of these parts, under a random key of 256 bits.
export function toShare({ title = "", text = "", url = "", files = [] }) {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const key = btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace("=", "");
  return { key, title, text, url, files, sharedAt: Date.now(), problem: "", path: "" };
}

// Sends what waits, one after the other, in one place at a time. Returns the paths of the drafts that nobody was told of
// yet, and how it ended: "done", "offline" or "login". What the server refuses stays, with the reason. Where nobody looks
// on, as in the worker, the paths stay for the next page.
export function deliver({ isSeen = true } = {}) {
  const act = async () => {
    const state = await sendAll();
    return { paths: isSeen ? await takePaths() : [], state };
  };
  return navigator.locks ? navigator.locks.request(DATABASE, act) : act();
}

async function sendAll() {
  for (const share of await list()) {
    if (share.problem) continue;
    const { path, problem, state } = await send(share).catch(() => ({ state: "offline" }));
    if (state) return state;
    await keep(problem ? { ...share, problem } : { ...share, files: [], path });
  }
  return "done";
}

async function takePaths() {
  const delivered = (await all()).filter(({ path }) => path !== "");
  for (const { key } of delivered) await discard(key);
  return delivered.map(({ path }) => path);
}

async function send(share) {
  const login = await ask("/admin/autosaves/token");
  if (login.status === 401) return { state: "login" };
  if (!login.ok) return { state: "offline" };
  const { csrf_token: token } = await login.json();
  const answer = await ask("/admin/share", { method: "POST", body: toForm(share), headers: { "X-CSRF-Token": token } });
  if (answer.ok) return await answer.json();
  if (answer.status === 401 || answer.status === 403) return { state: "login" };
  if (answer.status >= 500 || answer.status === 429 || answer.status === 408) return { state: "offline" };
  const { detail } = await answer.json().catch(() => ({}));
  return { problem: detail ?? REFUSED };
}

function ask(path, { headers, ...options } = {}) {
  return fetch(path, {
    credentials: "same-origin",
    redirect: "error",
    signal: AbortSignal.timeout(ANSWER_MS),
    ...options,
    headers: { Accept: "application/json", ...headers },
  });
}

function toForm({ key, title, text, url, files }) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ share_key: key, title, text, url })) form.append(name, value);
  for (const file of files) form.append("photos", file, file.name);
  return form;
}
