// What this browser's journal has from before: offered above the form, gone on with, or discarded.
import { fieldsToKeep, fill, isFilledIn, isSame, typedFields } from "./editor-fields.js";
import * as journal from "./journal.js";
import { pageLanguage, wordsOf } from "./words.js";

// Offers what was kept at this place. `editor`: { form, key, place, opened, isTouched, keepNow, isBroken, sayBroken, ask }.
// Returns what is to be called once the server has what is in the form.
export function offerKept(editor) {
  const { form, key, place, opened } = editor;
  const words = wordsOf(document.getElementById("editor-words"));
  // Forms that discard what the server has of texts that were gone on with from the journal, which is always newer.
  let superseded = [];
  void offer();
  return discardSuperseded;

  async function offer() {
    const box = document.getElementById("kept-here");
    const entries = await journal.list(place).catch(() => {
      editor.sayBroken();
      return [];
    });
    const rows = box.querySelector("ul");
    for (const entry of entries.filter(isWorthOffering)) {
      rows.append(toRow(entry, box));
      showOlder(entry.key, false);
    }
    box.hidden = rows.childElementCount === 0;
    box.dataset.ready = "";
  }

  function isWorthOffering(entry) {
    if (!isSame(entry.fields, typedFields(form))) return true;
    // It is what is stored: nobody needs it any more.
    if (isSame(entry.fields, opened) && !editor.isTouched()) void journal.forget(entry.key);
    return false;
  }

  function toRow(entry, box) {
    const row = box.querySelector("template").content.firstElementChild.cloneNode(true);
    const { title = "", content = "" } = entry.fields;
    const bytes = new TextEncoder().encode(content).length;
    row.querySelector("[data-label]").textContent = title.trim() || content.trim().slice(0, 140) || words("noText");
    row.querySelector("time").dateTime = new Date(entry.savedAt).toISOString();
    row.querySelector("time").textContent = new Date(entry.savedAt).toLocaleString(pageLanguage());
    row.querySelector("[data-size]").textContent =
      bytes < 1024 ? words("bytes", { count: bytes }) : words("kibibytes", { n: Math.round(bytes / 102.4) / 10 });
    const remove = () => {
      row.remove();
      box.hidden = box.querySelector("ul").childElementCount === 0;
    };
    row.querySelector("[data-continue]").addEventListener("click", () => {
      remove();
      void continueWith(entry, box);
    });
    row.querySelector("[data-discard]").addEventListener("click", () => {
      remove();
      showOlder(entry.key, true);
      void journal.forget(entry.key);
    });
    return row;
  }

  // What the server has of an editor whose later text the journal has; undefined when it has nothing.
  function olderForm(entryKey) {
    return document.querySelector(`form[action="/admin/autosaves/${CSS.escape(entryKey)}/discard"]`) ?? undefined;
  }

  function showOlder(entryKey, isShown) {
    const row = olderForm(entryKey)?.closest(".row");
    if (!row) return;
    row.hidden = !isShown;
    const section = row.closest(".offers");
    section.hidden = [...section.querySelectorAll(".row")].every((each) => each.hidden);
  }

  // Only now that the server has the later text; it discards nothing that was typed elsewhere since.
  async function discardSuperseded() {
    const forms = superseded;
    superseded = [];
    for (const older of forms) {
      const body = new URLSearchParams(new FormData(older));
      await editor.ask(older.action, { method: "POST", body, redirect: "manual" }).catch(() => superseded.push(older));
    }
  }

  // Puts the text into the form. What stands there unsaved takes its place among the offers.
  async function continueWith(entry, box) {
    if (isFilledIn(form)) await setAside(box);
    fill(form, entry.fields);
    form.elements.content.dispatchEvent(new Event("input", { bubbles: true }));
    form.elements.content.focus();
    await editor.keepNow();
    if (entry.key !== key && !editor.isBroken()) await journal.forget(entry.key);
    const older = olderForm(entry.key);
    if (older) superseded.push(older);
  }

  async function setAside(box) {
    const bytes = crypto.getRandomValues(new Uint8Array(32));
    const name = btoa(String.fromCharCode(...bytes))
      .replace(/[+/=]/g, "")
      .padEnd(43, "0")
      .slice(0, 43);
    const entry = { key: name, place, fields: fieldsToKeep(form), savedAt: Date.now() };
    await journal.keep(entry).catch(editor.sayBroken);
    box.querySelector("ul").append(toRow(entry, box));
    box.hidden = false;
  }
}
