// What the editor's commands do to Markdown: pure functions of a text and a selection, { text, start, end }. Each returns
// an edit, { from, to, insert, select: [start, end] }, or undefined where it does nothing. No DOM here: see
// editor-insert.js for what carries an edit out so that it can be undone.
import { isInFence, lineAt, linesOf, withoutMarker } from "./editor-lines.js";

const WORD = /[\p{L}\p{N}\p{M}'’-]/u;
const URL_LIKE = /^(?:https?:\/\/|mailto:)[^\s<>]+$/iu;

// The commands by their names in `data-command`.
export const FORMATS = { bold, italic, code, link, heading, quote, bullets, numbers, tasks };

// Bold, italics: the marks around the selection, the word at the caret, or nothing yet; taken away where they stand.
function bold(state) {
  return mark(state, ["**", "__"]);
}

function italic(state) {
  return mark(state, ["_", "*"]);
}

// Code in a line, or a fenced block where the selection has several lines.
function code(state) {
  const { text, start, end } = state;
  const chosen = text.slice(start, end);
  if (!chosen.includes("\n")) return mark(state, ["`"]);
  const fence = "`".repeat(Math.max(3, longestRun(chosen, "`") + 1));
  const before = start === 0 || text[start - 1] === "\n" ? "" : "\n";
  const after = end === text.length || text[end] === "\n" ? "" : "\n";
  const insert = `${before}${fence}\n${chosen.replace(/\n$/u, "")}\n${fence}${after}`;
  const from = start + before.length + fence.length;
  return { from: start, to: end, insert, select: [from, from] };
}

// A link on the selection or the word at the caret; what is missing is selected, to be typed over.
function link(state) {
  const { start, end } = state.start === state.end ? wordAround(state) : state;
  const chosen = state.text.slice(start, end);
  if (URL_LIKE.test(chosen)) {
    return { from: start, to: end, insert: `[](${chosen})`, select: [start + 1, start + 1] };
  }
  const insert = `[${chosen}](https://)`;
  const at = chosen === "" ? start + 1 : start + chosen.length + 3;
  return { from: start, to: end, insert, select: chosen === "" ? [at, at] : [at, at + "https://".length] };
}

// An address pasted onto chosen words makes them a link; undefined where it is to be pasted as it is.
export function pasteUrl({ text, start, end }, pasted) {
  const url = pasted.trim();
  const chosen = text.slice(start, end);
  const isWords = chosen.trim() !== "" && !chosen.includes("\n") && !URL_LIKE.test(chosen.trim());
  if (!isWords || !URL_LIKE.test(url) || isInFence(text, start)) return;
  if (/\]\(<?$/u.test(text.slice(0, start))) return;
  const insert = `[${chosen}](${isBalanced(url) ? url : `<${url}>`})`;
  return { from: start, to: end, insert, select: [start + insert.length, start + insert.length] };
}

// A heading of the second level, then of the third, then none.
function heading(state) {
  return changeLines(state, (line) => {
    const level = /^(#{1,6})[ \t]+/u.exec(line);
    if (level === null) return `## ${line}`;
    return level[1] === "##" ? `#${line}` : line.slice(level[0].length);
  });
}

function quote(state) {
  return toggle(state, {
    has: (line) => /^>/u.test(line),
    add: (line) => `> ${line}`,
    drop: (line) => line.replace(/^> ?/u, ""),
    blank: ">",
  });
}

function bullets(state) {
  return toggleList(state, { is: /^[-+*][ \t]+(?!\[[ xX]\])/u, marker: () => "- " });
}

function numbers(state) {
  return toggleList(state, { is: /^\d{1,9}[.)][ \t]+/u, marker: (index) => `${index + 1}. ` });
}

function tasks(state) {
  return toggleList(state, { is: /^[-+*][ \t]+\[[ xX]\][ \t]+/u, marker: () => "- [ ] " });
}

// --- Marks

function mark(state, marks) {
  const { text, start, end } = state;
  if (text.slice(start, end).includes("\n")) return markLines(state, marks[0]);
  const found = marks.find((each) => isMarked(state, each));
  if (found !== undefined) return unmark(state, found);
  if (start !== end) return surround(trimmed(state), marks);
  const left = marks.find((each) => isBeforeEnd(state, each));
  if (left !== undefined)
    return { from: start, to: start, insert: "", select: [start + left.length, start + left.length] };
  const word = wordAround(state);
  const around = marks.find((each) => isMarked(word, each));
  if (around !== undefined) return keepCaret(unmark(word, around), start - around.length);
  return surround(word, marks, start);
}

function keepCaret(edit, caret) {
  return { ...edit, select: [caret, caret] };
}

// Whether the mark stands on both sides of the selection, and is not a part of a longer one.
function isMarked({ text, start, end }, sign) {
  const before = text.slice(0, start);
  const after = text.slice(end);
  if (!before.endsWith(sign) || !after.startsWith(sign)) return false;
  const run = (each) => each.length - each.replaceAll(sign[0], "").length;
  const left = run(/[*_`]*$/u.exec(before)[0]);
  const right = run(/^[*_`]*/u.exec(after)[0]);
  return left === right && (left === sign.length || left === 3);
}

function unmark({ text, start, end }, sign) {
  const from = start - sign.length;
  return { from, to: end + sign.length, insert: text.slice(start, end), select: [from, from + end - start] };
}

// Whether the caret stands right before the mark that closes what it is in: then the command leaves it.
function isBeforeEnd({ text, start }, sign) {
  const line = lineAt(text, start);
  const before = text.slice(line.from, start);
  if (before === "" || !text.startsWith(sign, start) || /\s$/u.test(before)) return false;
  return before.split(sign).length % 2 === 0;
}

function surround({ text, start, end }, marks, caret) {
  const isInWord = WORD.test(text[start - 1] ?? "") || WORD.test(text[end] ?? "");
  // An underscore within a word is no mark.
  const sign = isInWord ? marks.find((each) => !each.startsWith("_")) : marks[0];
  const chosen = text.slice(start, end);
  const at = (caret ?? start) + sign.length;
  const select = caret === undefined ? [at, at + chosen.length] : [at, at];
  return { from: start, to: end, insert: `${sign}${chosen}${sign}`, select };
}

// Each line by itself, behind what makes it an item or a quotation: a mark does not reach from one item into the next.
function markLines(state, sign) {
  return changeLines(state, (line) => {
    const rest = withoutMarker(line);
    return rest.trim() === "" ? line : `${line.slice(0, line.length - rest.length)}${sign}${rest.trimEnd()}${sign}`;
  });
}

function trimmed({ text, start, end }) {
  const chosen = text.slice(start, end);
  const from = start + chosen.length - chosen.trimStart().length;
  const to = end - (chosen.length - chosen.trimEnd().length);
  return from < to ? { text, start: from, end: to } : { text, start, end };
}

function wordAround({ text, start }) {
  let from = start;
  let to = start;
  while (WORD.test(text[from - 1] ?? "")) from -= 1;
  while (WORD.test(text[to] ?? "")) to += 1;
  return { text, start: from, end: to };
}

// --- Lines

// Changes every line that the selection touches. A caret stays at its letter, a selection then has all of the lines.
function changeLines(state, change) {
  const { text, start, end } = state;
  const { from, to } = linesOf(state);
  const before = text.slice(from, to);
  const insert = before.split("\n").map(change).join("\n");
  if (insert === before) return;
  if (before.includes("\n")) return { from, to, insert, select: [from, from + insert.length] };
  const shift = insert.length - before.length;
  const at = (position) => Math.max(from, Math.min(from + insert.length, position + shift));
  return { from, to, insert, select: [at(start), at(end)] };
}

// What `has` finds in each line that says something, `drop` takes away; else `add` adds it. Empty lines among others
// become `blank`, or stay as they are.
function toggle(state, { has, add, drop, blank }) {
  const { from, to } = linesOf(state);
  const lines = state.text.slice(from, to).split("\n");
  const filled = lines.filter((line) => line.trim() !== "");
  const isOn = filled.length > 0 && filled.every(has);
  const isAlone = lines.length === 1;
  let index = -1;
  return changeLines(state, (line) => {
    if (line.trim() === "" && !isAlone) return isOn ? line : (blank ?? line);
    index += 1;
    return isOn ? drop(line) : add(line, index);
  });
}

function toggleList(state, { is, marker }) {
  const split = (line) => /^([ \t]*(?:>[ \t]?)*[ \t]*)(.*)$/u.exec(line);
  return toggle(state, {
    has: (line) => is.test(split(line)[2]),
    add: (line, index) => `${split(line)[1]}${marker(index)}${withoutMarker(line)}`,
    drop: (line) => `${split(line)[1]}${withoutMarker(line)}`,
  });
}

function longestRun(text, sign) {
  return Math.max(0, ...(text.match(new RegExp(`${sign}+`, "gu")) ?? []).map((run) => run.length));
}

function isBalanced(url) {
  let depth = 0;
  for (const sign of url) {
    if (sign === "(") depth += 1;
    if (sign === ")") depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}
