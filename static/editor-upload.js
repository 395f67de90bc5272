// Images that are pasted, dropped or chosen go into the text where the caret is: a line holds their place while they are
// sent, one after the other. What is refused, or does not arrive, is kept with the reason, to be tried again.
import { carryOut, replace, stateOf } from "./editor-insert.js";
import { lineAt } from "./editor-lines.js";

// `say`: tells the author something; `words`: what gives a sentence of the page, see words.js.
export function takeImages(form, { say, words }) {
  const text = form.elements.content;
  const failed = document.getElementById("upload-failed");
  let queue = Promise.resolve();
  let waiting = 0;

  text.addEventListener("paste", (event) => {
    const files = pastedFiles(event.clipboardData);
    if (files.length === 0) return;
    event.preventDefault();
    add(files);
  });
  // Anywhere on the page: a browser would leave it, and the text, to show a file that was let go beside the field.
  addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files") || event.target.closest?.("input[type=file]")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    form.toggleAttribute("data-dropping", true);
  });
  for (const type of ["dragleave", "drop", "dragend"])
    addEventListener(type, () => form.removeAttribute("data-dropping"));
  addEventListener("drop", (event) => {
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length === 0 || event.target.closest?.("input[type=file]")) return;
    event.preventDefault();
    moveCaret(text, event);
    add(files);
  });
  document.querySelector("[data-command=image]").addEventListener("click", choose);
  form.addEventListener("submit", waitForImages, true);

  function choose() {
    const field = document.createElement("input");
    Object.assign(field, { type: "file", multiple: true, accept: form.elements.image?.accept ?? "image/*" });
    field.addEventListener("change", () => add([...field.files]));
    field.click();
  }

  function add(files) {
    const entries = files.map((file) => ({ file, ...hold(text, { file, words }) }));
    for (const entry of entries) {
      waiting += 1;
      queue = queue.then(() => send(entry)).finally(done);
    }
    form.dataset.uploads = String(waiting);
    const [{ name }] = files;
    say(files.length === 1 ? words("uploading", { name }) : words("uploadingMany", { count: files.length }));
  }

  function done() {
    waiting -= 1;
    if (waiting > 0) form.dataset.uploads = String(waiting);
    else delete form.dataset.uploads;
  }

  async function send(entry) {
    const { file, mark } = entry;
    const body = new FormData();
    body.set("image", file);
    body.set("note_id", form.elements.note_id.value);
    try {
      const answer = await fetch(form.dataset.uploadPath, { method: "POST", body, headers: headers() });
      if (!answer.ok) return refuse(entry, (await detailOf(answer)) ?? words("refused"));
      finish(mark, await answer.json());
    } catch {
      refuse(entry, words("siteAway"));
    }
  }

  // The caret goes where the description belongs, unless the author is elsewhere by now.
  function finish(mark, { written }) {
    const from = text.value.indexOf(mark);
    if (from === -1) return say(words("placeGone"));
    const isHere = document.activeElement === text && text.selectionStart === from + mark.length && waiting === 1;
    replace(text, { from, to: from + mark.length, insert: written });
    const description = /!\[|alt="/u.exec(written);
    const alt = from + description.index + description[0].length;
    if (isHere) text.setSelectionRange(alt, alt);
    say(words("imageThere"));
  }

  function refuse({ file, mark, whole }, reason) {
    // With the lines that were put around it, where the author left them alone.
    const held = text.value.includes(whole) ? whole : mark;
    const from = text.value.indexOf(held);
    if (from !== -1) replace(text, { from, to: from + held.length, insert: "" });
    const row = failed.querySelector("template").content.firstElementChild.cloneNode(true);
    row.querySelector("[data-name]").textContent = file.name || words("image");
    row.querySelector("[data-reason]").textContent = reason;
    row.querySelector("[data-retry]").addEventListener("click", () => {
      leave(row);
      add([file]);
    });
    row.querySelector("[data-dismiss]").addEventListener("click", () => leave(row));
    failed.querySelector("ul").append(row);
    failed.hidden = false;
  }

  function leave(row) {
    row.remove();
    failed.hidden = failed.querySelector("ul").childElementCount === 0;
    text.focus();
  }

  // What is on its way is waited for: else the note would be saved with a place that nothing fills.
  function waitForImages(event) {
    if (waiting === 0) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    say(words("saveWaits"));
    void queue.then(() => failed.hidden && form.requestSubmit(submitter));
  }
}

// The token of the present login, which autosave.js keeps up to date.
function headers() {
  return { Accept: "application/json", "X-CSRF-Token": document.querySelector("meta[name=csrf]").content };
}

async function detailOf(answer) {
  return (await answer.json().catch(() => ({}))).detail;
}

// Programs for tables and letters copy a picture beside what they copy: then the words are meant.
function pastedFiles(data) {
  const files = [...(data?.files ?? [])];
  const words = data?.getData("text/plain") ?? "";
  return words === "" || files.some(({ name }) => words.endsWith(name)) ? files : [];
}

// Puts a line at the caret that stands for the image, and the caret behind it. Returns the mark by which it is found
// again, and the whole that was put in.
function hold(text, { file, words }) {
  const name = (file.name || words("image")).replace(/[[\]\n\r]/gu, "").slice(0, 100);
  const markOf = (each) => `![${words("uploading", { name: each })}]()`;
  let mark = markOf(name);
  for (let count = 2; text.value.includes(mark); count += 1) mark = markOf(`${name} ${count}`);
  const { text: value, start, end } = outsideOfImage(stateOf(text));
  const before = start === 0 || value[start - 1] === "\n" ? "" : "\n\n";
  const after = value[end] === "\n" || end === value.length ? "" : "\n\n";
  const at = start + before.length + mark.length;
  const whole = before + mark + after;
  carryOut(text, { from: start, to: end, insert: whole, select: [at, at] });
  return { mark, whole };
}

// The author may just have said what an image shows: the next one goes behind it, not into its description.
function outsideOfImage(state) {
  const { from, line } = lineAt(state.text, state.start);
  const at = state.start - from;
  for (const image of line.matchAll(/!\[[^\]]*\]\([^)]*\)/gu)) {
    const end = image.index + image[0].length;
    if (at > image.index && at < end) return { ...state, start: from + end, end: Math.max(state.end, from + end) };
  }
  return state;
}

// The caret goes where the pointer let go, where the browser tells which letter that is.
function moveCaret(text, { clientX, clientY, target }) {
  if (target !== text) return;
  const place = document.caretPositionFromPoint?.(clientX, clientY);
  if (place?.offsetNode === text) text.setSelectionRange(place.offset, place.offset);
}
