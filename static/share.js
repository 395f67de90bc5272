// What was shared, on its way to the editor: shows what waits on this device, sends it, and opens the draft that it became.
import { deliver, discard, keep, list, toShare } from "./share-queue.js";

const RETRY_MS = 15_000;
const OFFLINE = "/admin/offline"; // where this page stands in place of no other
const SENTENCES = {
  offline: "The site cannot be reached. What is here is kept on this device, and goes to your editor when it is.",
  login: "Your login has ended. What is here is kept on this device until you have logged in.",
};

const box = document.getElementById("shares");
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
    link.textContent = `Open draft ${links.childElementCount + 1}`;
    item.append(link);
    links.append(item);
  }
  if (links.childElementCount > 0) status.textContent = "Arrived in your editor, as drafts:";
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
  const words = [share.title, share.text, share.url].find((part) => part.trim() !== "");
  row.querySelector("[data-label]").textContent = words?.trim().slice(0, 140) ?? "Photos";
  row.querySelector("time").dateTime = new Date(share.sharedAt).toISOString();
  row.querySelector("time").textContent = new Date(share.sharedAt).toLocaleString();
  row.querySelector("[data-photos]").textContent = count(share.files.length);
  row.querySelector("[data-problem]").textContent = share.problem;
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

function count(photos) {
  if (photos === 0) return "";
  return photos === 1 ? "1 photo" : `${photos} photos`;
}

function say(state) {
  box.dataset.state = state;
  const sentence =
    SENTENCES[state] ?? (rows.childElementCount > 0 ? "This could not be taken:" : "Nothing waits here.");
  if (status.textContent !== sentence) status.textContent = sentence;
  document.getElementById("share-login").hidden = state !== "login";
}
