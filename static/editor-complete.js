// Suggestions while a #hashtag or an @name is typed, of what was used before. Nothing is chosen until the author does:
// Enter stays a new line, Tab takes the first, the arrow keys go through, Escape closes. For screen readers the text
// points at the list (textbox and listbox; a combobox cannot have several lines).
import { carryOut, stateOf } from "./editor-insert.js";
import { isInFence, lineAt } from "./editor-lines.js";
import { placesIn } from "./editor-mirror.js";

const MOST_SHOWN = 8;
const ROOM_BELOW = 80; // pixels at the lower edge of the screen, where the buttons that save stand
const TOKEN = /(?:^|[^\p{L}\p{N}\p{M}_&/#=?%@.+\\$~[\]`])([#@])([\p{L}\p{N}\p{M}_-]{0,40})$/u;

// What is being typed at the caret: { sign, word, from }; undefined where it is no hashtag and no name.
export function tokenAt({ text, start, end }) {
  if (start !== end) return;
  const before = text.slice(lineAt(text, start).from, start);
  const [, sign, word] = TOKEN.exec(before) ?? [];
  // A `#` alone begins a heading; an odd number of backticks, code.
  if (sign === undefined || (sign === "#" && word === "")) return;
  if ((before.split("`").length - 1) % 2 === 1 || isInFence(text, start)) return;
  return { sign, word, from: start - word.length - 1 };
}

// Those of `all` whose name, or a word of it, begins as typed; accents and case do not count, what begins so comes first.
export function suggest(all, word) {
  const wanted = fold(word);
  const names = all.map((each) => ({ each, name: fold(each.name) }));
  const first = names.filter(({ name }) => name.startsWith(wanted));
  const later = names.filter(
    ({ name }) => !name.startsWith(wanted) && name.split(/[\s_-]+/u).some((part) => part.startsWith(wanted)),
  );
  return [...first, ...later].slice(0, MOST_SHOWN).map(({ each }) => each);
}

export function completeWords(field, { say, words }) {
  const list = document.getElementById("completions");
  const state = { known: undefined, token: undefined, options: [], chosen: -1, dismissed: -1 };
  field.addEventListener("input", (event) => !event.isComposing && void update());
  field.addEventListener("compositionend", () => void update());
  field.addEventListener("keydown", onKey);
  field.addEventListener("blur", close);
  field.addEventListener("scroll", close);
  document.addEventListener("selectionchange", () => {
    if (!list.hidden && tokenAt(stateOf(field))?.from !== state.token?.from) close();
  });

  async function update() {
    const token = tokenAt(stateOf(field));
    if (token === undefined || token.from === state.dismissed) return close();
    state.dismissed = -1;
    const known = await load();
    // The author typed on while it came.
    const now = tokenAt(stateOf(field));
    if (now?.from !== token.from || document.activeElement !== field) return close();
    show(now, suggest(now.sign === "#" ? known.tags : known.people, now.word));
  }

  // Asked for once, when it is first needed. Without an answer nothing is suggested, and it is asked again next time.
  async function load() {
    state.known ??= fetch(list.dataset.path, { headers: { Accept: "application/json" } }).then((answer) =>
      answer.ok ? answer.json() : Promise.reject(answer),
    );
    return await state.known.catch(() => {
      state.known = undefined;
      return { tags: [], people: [] };
    });
  }

  function show(token, options) {
    if (options.length === 0 || (options.length === 1 && options[0].name === token.word)) return close();
    const isNew = list.hidden || options.length !== state.options.length;
    Object.assign(state, { token, options, chosen: -1 });
    list.replaceChildren(...options.map(toOption));
    list.hidden = false;
    place(token.from);
    field.setAttribute("aria-controls", list.id);
    field.removeAttribute("aria-activedescendant");
    if (isNew) say(words("suggestions", { count: options.length }));
  }

  function toOption({ name, url }, index) {
    const option = document.createElement("li");
    option.id = `${list.id}-${index}`;
    option.role = "option";
    option.ariaSelected = "false";
    const label = document.createElement("span");
    label.textContent = name;
    option.append(label);
    if (url !== undefined) {
      const where = document.createElement("small");
      where.textContent = url.replace(/^https?:\/\//u, "").replace(/\/$/u, "");
      option.append(where);
    }
    option.addEventListener("pointerdown", (event) => event.preventDefault());
    option.addEventListener("click", () => take(index));
    return option;
  }

  // Below the line that is typed, above it where there is no room, within the text's own width.
  function place(position) {
    const [{ top, left, height }] = placesIn(field, [position]);
    const line = field.offsetTop + top - field.scrollTop;
    const below = field.getBoundingClientRect().top + top - field.scrollTop + height + list.offsetHeight;
    const isRoom = below < innerHeight - ROOM_BELOW || line < list.offsetHeight;
    const most = field.offsetLeft + field.clientWidth - list.offsetWidth;
    list.style.top = `${isRoom ? line + height : line - list.offsetHeight}px`;
    list.style.left = `${Math.max(0, Math.min(field.offsetLeft + left, most))}px`;
  }

  function onKey(event) {
    if (list.hidden || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (act(event)) event.preventDefault();
  }

  // Whether the key was one of the list's.
  function act({ key, shiftKey }) {
    const { length } = state.options;
    if (key === "ArrowDown") choose((state.chosen + 1) % length);
    else if (key === "ArrowUp") choose((Math.max(state.chosen, 0) - 1 + length) % length);
    else if (key === "Escape") dismiss();
    else return takes(key, shiftKey);
    return true;
  }

  function takes(key, isShift) {
    const isTaken = (key === "Tab" && !isShift) || (key === "Enter" && state.chosen !== -1);
    if (isTaken) take(Math.max(0, state.chosen));
    return isTaken;
  }

  function dismiss() {
    state.dismissed = state.token.from;
    close();
  }

  function choose(index) {
    state.chosen = index;
    for (const [at, option] of [...list.children].entries()) option.ariaSelected = String(at === index);
    list.children[index].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", list.children[index].id);
  }

  function take(index) {
    const { token, options } = state;
    const { name, url } = options[index];
    const caret = field.selectionStart;
    close();
    const gap = /^[\s.,;:!?)]/u.test(field.value.slice(caret)) ? "" : " ";
    const insert = (url === undefined ? `#${name}` : `[@${name}](${url})`) + gap;
    const at = token.from + insert.length;
    carryOut(field, { from: token.from, to: caret, insert, select: [at, at] });
  }

  function close() {
    list.hidden = true;
    field.removeAttribute("aria-activedescendant");
    field.removeAttribute("aria-controls");
  }
}

function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
