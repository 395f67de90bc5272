// The home of the author's pages: keeps the worker, delivers what was shared while nobody looked, and makes the quick-post
// box quick. Every form here works without it.
import { forget, keep } from "./journal.js";
import { deliver } from "./share-queue.js";

const JOURNAL_MS = 400;

navigator.serviceWorker?.register("/worker.js", { type: "module", scope: "/admin" }).catch(() => {});
void deliverWaiting();
addEventListener("online", () => void deliverWaiting());
const form = document.getElementById("quick");
if (form) equip(form);

async function deliverWaiting() {
  const { paths } = await deliver().catch(() => ({ paths: [] }));
  const arrived = document.getElementById("arrived");
  if (!arrived || paths.length === 0) return;
  const link = arrived.querySelector("a");
  link.href = paths[0];
  arrived.hidden = false;
}

// What is typed goes into the journal at once, like in the editor, which offers it when this page ends too soon.
function equip(form) {
  const waiting = new Set();
  forgetSaved();
  form.addEventListener("input", () => {
    if (waiting.has(form)) return;
    waiting.add(form);
    setTimeout(() => {
      waiting.delete(form);
      void keepTyped(form);
    }, JOURNAL_MS);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("[value=publish]"));
  });
}

async function keepTyped(form) {
  const { content, tags, editor_key: key } = form.elements;
  const fields = { title: "", content: content.value, tags: tags.value, editor_key: key.value };
  const isEmpty = `${content.value}${tags.value}`.trim() === "";
  // A private window keeps nothing; leaving the page asks first.
  await (isEmpty ? forget(key.value) : keep({ key: key.value, place: "new", fields, savedAt: Date.now() })).catch(
    () => {},
  );
  form.dataset.kept = String(content.value.length);
}

// The server says that it saved what the box held; the address then says it no more.
function forgetSaved() {
  const address = new URL(location.href);
  const saved = address.searchParams.get("saved");
  if (saved) void forget(saved).catch(() => {});
  address.searchParams.delete("saved");
  if (address.href !== location.href) history.replaceState(null, "", address);
}
