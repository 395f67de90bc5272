// What was shared, on its way to the editor: shows what waits on this device, sends it, and opens the draft that it became.
import { deliver, discard, keep, list, REFUSED, toShare } from "./share-queue.js";
import { pageLanguage, wordsOf } from "./words.js";

const RETRY_MS = 15_000;
const OFFLINE = "/admin/offline"; // where this page stands in place of no other

const box = document.getElementById("shares");
const words = wordsOf(document.getElementById("share-words"));
const status = document.getElementById("share-status");
const rows = box.querySelector("ul");
const template = box.querySelector("template");
const isOffline = "offline" in box.dataset;

document.querySelector("#share-write button")?.addEventListener("click", () => void write());
addEventListener("online", go);
setInterval(() => box.dataset.state === "offline" && void go(), RETRY_MS);
void go();

async function go() {
  await show();
  if (isOffline && !(await isReached())) return say("offline");
  const { paths, state } = await deliver();
  await show();
  say(state);
  if (state === "done" && paths.length === 1 && rows.childElementCount === 0 && !isTyping()) {
    location.replace(paths[0]);
  } else if (state === "done" && !isTyping()) leadOn(paths);
}

// More than one draft, or something that stays here: the author chooses.
function leadOn(paths) {
  const links = document.getElementById("share-arrived");
  for (const path of paths) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = path;
    link.textContent = words("openDraft", { n: links.childElementCount + 1 });
    item.append(link);
    links.append(item);
  }
  if (links.childElementCount > 0) status.textContent = words("arrived");
  else if (isOffline && location.pathname !== OFFLINE) location.reload();
}

async function isReached() {
  try {
    const answer = await fetch("/health", { cache: "no-store" });
    return (await answer.json()).status === "ok";
  } catch {
    return false;
  }
}

function isTyping() {
  return document.getElementById("share-text")?.value.trim().length > 0;
}

async function write() {
  const text = document.getElementById("share-text");
  if (text.value.trim() === "") return;
  await keep(toShare({ text: text.value }));
  text.value = "";
  await go();
}

async function show() {
  const shares = await list().catch(() => []);
  rows.replaceChildren(...shares.map(toRow));
  box.hidden = shares.length === 0;
}

function toRow(share) {
  const row = template.content.firstElementChild.cloneNode(true);
  const parts = [share.title, share.text, share.url].filter((part) => part.trim() !== "");
  row.querySelector("[data-label]").textContent = parts[0]?.trim().slice(0, 140) ?? words("photosAlone");
  row.querySelector("time").dateTime = new Date(share.sharedAt).toISOString();
  row.querySelector("time").textContent = new Date(share.sharedAt).toLocaleString(pageLanguage());
  row.querySelector("[data-photos]").textContent = photosOf(share);
  row.querySelector("[data-problem]").textContent = share.problem === REFUSED ? words("refused") : share.problem;
  row.querySelector("[data-again]").hidden = share.problem === "";
  row.querySelector("[data-again]").addEventListener("click", async () => {
    await keep({ ...share, problem: "" });
    await go();
  });
  row.querySelector("[data-discard]").addEventListener("click", async () => {
    await discard(share.key);
    await show();
  });
  return row;
}

function photosOf({ files }) {
  return files.length === 0 ? "" : words("photos", { count: files.length });
}

function say(state) {
  box.dataset.state = state;
  const done = rows.childElementCount > 0 ? "notTaken" : "nothing";
  const sentence = words(state === "done" ? done : state);
  if (status.textContent !== sentence) status.textContent = sentence;
  document.getElementById("share-login").hidden = state !== "login";
}
