// Not one word lost: what is typed in the editor goes into this browser's journal at once, and to the server after a
// short pause. Nothing here saves the note itself. The state stands in `data-autosave` of the form (typing, saved,
// offline, login, refused), the length of the text that is kept somewhere safe in `data-kept`.
import { offerKept } from "./autosave-kept.js";
import { fieldsToKeep, isFilledIn, typedFields } from "./editor-fields.js";
import * as journal from "./journal.js";
import { wordsOf } from "./words.js";

const JOURNAL_MS = 400; // from a keystroke to the journal
const QUIET_MS = 2000; // of not typing, until the server is sent it
const LONGEST_MS = 10_000; // of typing on, until the server is sent it all the same
const ANSWER_MS = 15_000; // that the server may take
const RETRY_MS = [2000, 4000, 8000, 15_000, 30_000]; // pauses between tries at a server that does not answer
const LOGIN_MS = 15_000; // between looks whether the author has logged in again
const RESUME_MS = 10_000; // after which a form that was sent has got stuck
const MAX_KEEPALIVE_BYTES = 60_000; // of a request that outlives its page; browsers allow 64 KiB in all

const form = document.getElementById("editor");
const said = document.getElementById("autosave-said");
const ago = document.getElementById("autosave-ago");
const loginLink = document.getElementById("autosave-login");
const words = wordsOf(document.getElementById("editor-words"));
const place = form.dataset.place;
const key = form.elements.editor_key.value;
const opened = typedFields(form);

// Changes are counted: the number says up to which one something is kept, and the server has it.
const counts = { typed: 0, kept: 0, acknowledged: 0 };
const timers = { journal: 0, send: 0 };
let unsentSince = 0;
let savedAt = 0;
let tries = 0;
let sending;
let isLeaving = false;
let isJournalBroken = false;

begin();
const discardSuperseded = offerKept({
  form,
  key,
  place,
  opened,
  isTouched: () => counts.typed > 0,
  keepNow: writeJournal,
  isBroken: () => isJournalBroken,
  sayBroken: sayNoJournal,
  ask,
});

function begin() {
  forgetSaved();
  form.addEventListener("input", changed);
  form.addEventListener("submit", leave);
  form.addEventListener("focusout", () => void send());
  document.addEventListener("visibilitychange", () => (document.hidden ? flush() : void resume()));
  addEventListener("pagehide", flush);
  addEventListener("pageshow", (event) => (event.persisted || isFilledIn(form)) && changed());
  addEventListener("online", resume);
  addEventListener("focus", resume);
  setInterval(showAgo, 1000);
  setInterval(() => form.dataset.autosave === "login" && void resume(), LOGIN_MS);
  // A form that came back unsaved was typed too; so was one that the browser filled in itself, see pageshow.
  if ("unsaved" in form.dataset) changed();
}

function changed() {
  isLeaving = false;
  counts.typed += 1;
  unsentSince ||= Date.now();
  if (form.dataset.autosave === undefined || form.dataset.autosave === "saved") form.dataset.autosave = "typing";
  timers.journal ||= setTimeout(() => void writeJournal(), JOURNAL_MS);
  planSend(Math.max(0, Math.min(QUIET_MS, unsentSince + LONGEST_MS - Date.now())));
}

function planSend(waitMs) {
  clearTimeout(timers.send);
  timers.send = setTimeout(() => void send(), waitMs);
}

async function writeJournal() {
  clearTimeout(timers.journal);
  timers.journal = 0;
  const turn = counts.typed;
  const fields = fieldsToKeep(form);
  try {
    await journal.keep({ key, place, fields, savedAt: Date.now() });
    keptUpTo(turn, fields);
    // The server may have got it while the disk was busy.
    if (counts.acknowledged >= turn && counts.typed === turn) await journal.forget(key);
  } catch {
    sayNoJournal();
  }
}

// Sends what the server has not got; one request at a time, so that an older text never comes last.
async function send({ keepalive = false } = {}) {
  if (isLeaving || sending || counts.acknowledged === counts.typed || form.dataset.autosave === "login") return;
  clearTimeout(timers.send);
  const turn = counts.typed;
  const fields = fieldsToKeep(form);
  const body = new URLSearchParams(fields);
  const controller = new AbortController();
  const timeout = setTimeout(() => controller.abort(), ANSWER_MS);
  sending = controller;
  try {
    const outlives = keepalive && String(body).length < MAX_KEEPALIVE_BYTES;
    const answer = await ask("/admin/autosaves", {
      method: "POST",
      body,
      keepalive: outlives,
      signal: controller.signal,
    });
    await taken(answer, { turn, fields });
  } catch {
    notReached();
  } finally {
    clearTimeout(timeout);
    sending = undefined;
  }
  if (counts.typed > turn) changedMeanwhile();
}

function ask(path, options = {}) {
  return fetch(path, {
    credentials: "same-origin",
    redirect: "error",
    ...options,
    headers: { Accept: "application/json", "X-CSRF-Token": currentToken() },
  });
}

async function taken(answer, { turn, fields }) {
  if (answer.ok) return acknowledged(turn, fields);
  if (answer.status === 401 || answer.status === 403) return await loginEnded(answer);
  if (answer.status >= 500 || answer.status === 429 || answer.status === 408) {
    return notReached(answer.status === 507 ? await reasonOf(answer) : "");
  }
  show("refused", `${words("notKept", { reason: await reasonOf(answer) })} ${keptHere()}`);
}

function acknowledged(turn, fields) {
  counts.acknowledged = turn;
  tries = 0;
  savedAt = Date.now();
  unsentSince = 0;
  keptUpTo(turn, fields);
  show("saved", words("saved"));
  void discardSuperseded();
  if (counts.typed === turn) void journal.forget(key).catch(sayNoJournal);
}

function changedMeanwhile() {
  if (form.dataset.autosave === "saved") form.dataset.autosave = "typing";
  unsentSince ||= Date.now();
  planSend(QUIET_MS);
}

function notReached(reason = "") {
  if (isLeaving) return;
  show("offline", `${reason || words("notReached")} ${keptHere()}`);
  planSend(RETRY_MS[Math.min(tries, RETRY_MS.length - 1)]);
  tries += 1;
}

// The page may be from before the present login: then its token is old, and the new one is all it needs.
async function loginEnded(refusal) {
  const token = await findToken();
  if (token === undefined) return show("login", `${words("loginEnded")} ${keptHere()}`);
  if (token === currentToken())
    return show("refused", `${words("notKept", { reason: await reasonOf(refusal) })} ${keptHere()}`);
  goOnWith(token);
}

// The token of the present login; undefined when there is none, or the server is not reached.
async function findToken() {
  const answer = await ask("/admin/autosaves/token").catch(() => undefined);
  return answer?.ok ? (await answer.json()).csrf_token : undefined;
}

function currentToken() {
  return document.querySelector("meta[name=csrf]").content;
}

function goOnWith(token) {
  document.querySelector("meta[name=csrf]").content = token;
  for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = token;
  form.dataset.autosave = "typing";
  planSend(0);
}

async function reasonOf(answer) {
  const problem = await answer.json().catch(() => ({}));
  return problem.detail ?? "the server refused it.";
}

// Back at the page, or in reach of the network: what waited may go on.
async function resume() {
  if (form.dataset.autosave === "offline") planSend(0);
  if (form.dataset.autosave !== "login") return;
  const token = await findToken();
  if (token !== undefined) goOnWith(token);
}

// The page may end now: the journal is written at once, and the request outlives the page.
function flush() {
  if (counts.typed > counts.acknowledged) void writeJournal();
  void send({ keepalive: true });
}

// The form is sent: a request under way must not come after it. What fails leads back here.
function leave() {
  if (counts.typed > counts.acknowledged) void writeJournal();
  isLeaving = true;
  clearTimeout(timers.send);
  sending?.abort();
  setTimeout(() => isLeaving && changed(), RESUME_MS);
}

// The server says that it saved what an editor held; the address then says it no more.
function forgetSaved() {
  const address = new URL(location.href);
  const saved = address.searchParams.get("saved");
  if (saved) void journal.forget(saved).catch(() => {});
  address.searchParams.delete("saved");
  address.searchParams.delete("autosave");
  if (address.href !== location.href) history.replaceState(null, "", address);
}

// --- What the author is told

function keptUpTo(turn, fields) {
  if (turn < counts.kept) return;
  counts.kept = turn;
  form.dataset.kept = String(fields.content.length);
}

function keptHere() {
  return words(isJournalBroken ? "keptNowhere" : "keptHere");
}

// Read out when it changes; the seconds beside it are not.
function show(state, sentence) {
  form.dataset.autosave = state;
  if (said.textContent !== sentence) said.textContent = sentence;
  said.parentElement.dataset.state = state;
  loginLink.hidden = state !== "login";
  showAgo();
}

function showAgo() {
  const text = said.textContent === words("saved") ? ` ${since(Math.round((Date.now() - savedAt) / 1000))}` : "";
  if (ago.textContent !== text) ago.textContent = text;
}

function since(seconds) {
  if (seconds < 60) return words("secondsAgo", { n: Math.max(1, seconds) });
  if (seconds < 3600) return words("minutesAgo", { n: Math.floor(seconds / 60) });
  return words("hoursAgo", { n: Math.floor(seconds / 3600) });
}

function sayNoJournal() {
  isJournalBroken = true;
  document.getElementById("autosave-no-journal").hidden = false;
}
