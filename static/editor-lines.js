// The lines of a Markdown text: where they begin, what makes one an item or a quotation, how a list goes on. Pure
// functions, as in editor-text.js.
const ITEM = /^([ \t]*(?:>[ \t]?)*[ \t]*)(?:([-+*])|(\d{1,9})([.)]))([ \t]+)(\[[ xX]\][ \t]+)?/u;
const QUOTE = /^[ \t]*(?:>[ \t]?)+/u;
const RULE = /^[ \t]*([-*_])(?:[ \t]*\1){2,}[ \t]*$/u;
const FENCE = /^[ \t]*(?:>[ \t]?)*[ \t]*(```+|~~~+)/u;

// The line that a position is in, without its end.
export function lineAt(text, position) {
  const from = text.lastIndexOf("\n", position - 1) + 1;
  const end = text.indexOf("\n", position);
  const to = end === -1 ? text.length : end;
  return { from, to, line: text.slice(from, to) };
}

// Where the lines that a selection touches begin and end. One that ends at the beginning of a line does not touch it.
export function linesOf({ text, start, end }) {
  const last = end > start && text[end - 1] === "\n" ? end - 1 : end;
  return { from: lineAt(text, start).from, to: lineAt(text, last).to };
}

// What stands in a line behind indentation, quotation marks and the sign of an item.
export function withoutMarker(line) {
  const item = RULE.test(line) ? null : ITEM.exec(line);
  return line.slice((item ?? /^[ \t]*(?:>[ \t]?)*[ \t]*/u.exec(line))[0].length);
}

// Whether a position stands within a fenced block of code.
export function isInFence(text, position) {
  let open = "";
  for (const line of text.slice(0, lineAt(text, position).from).split("\n")) {
    const sign = FENCE.exec(line)?.[1];
    if (sign === undefined) continue;
    if (open === "") open = sign;
    else if (sign[0] === open[0] && sign.length >= open.length) open = "";
  }
  return open !== "";
}

// Enter: the next item of a list or line of a quotation; an empty one ends it, a nested one goes one level out. Undefined
// where Enter is nothing but a new line.
export function continueLine({ text, start, end }) {
  if (start !== end || isInFence(text, start)) return;
  const { from, to, line } = lineAt(text, start);
  if (RULE.test(line)) return;
  const item = ITEM.exec(line);
  const sign = item?.[0] ?? QUOTE.exec(line)?.[0];
  if (sign === undefined || start < from + sign.length) return;
  if (line.slice(sign.length).trim() === "")
    return replaceLine({ from, to }, item === null ? "" : outOf(text, from, item));
  const rest = text.slice(start, to);
  const insert = `\n${item === null ? sign : nextItem(item)}`;
  const at = start + insert.length;
  return { from: start, to: start + rest.length - rest.trimStart().length, insert, select: [at, at] };
}

// Tab and Shift+Tab: items go one level in or out, as do several lines at once. Undefined where there is nothing to
// move: then the key does what it does everywhere.
export function indent({ text, start, end }, isOut) {
  const { from, to } = linesOf({ text, start, end });
  const lines = text.slice(from, to).split("\n");
  if (lines.length === 1 && !isItem(lines[0])) return;
  const width = levelWidth(text, from, lines[0], isOut);
  const moved = lines.map((line) => (isOut ? moveOut(line, width) : moveIn(line, width)));
  const insert = moved.join("\n");
  if (insert === lines.join("\n")) return;
  if (lines.length > 1) return { from, to, insert, select: [from, from + insert.length] };
  const shift = insert.length - lines[0].length;
  const at = (position) => Math.max(from, position + shift);
  return { from, to, insert, select: [at(start), at(end)] };
}

function isItem(line) {
  return !RULE.test(line) && ITEM.test(line);
}

function nextItem([, lead, bullet, number, dot, gap, box]) {
  const sign = bullet ?? `${Number(number) + 1}${dot}`;
  return `${lead}${sign}${gap}${box === undefined ? "" : "[ ] "}`;
}

function replaceLine({ from, to }, insert) {
  return { from, to, insert, select: [from + insert.length, from + insert.length] };
}

// What becomes of an empty item: the next item of the list around it, or nothing but the quotation that it stands in.
function outOf(text, from, item) {
  const parent = parentOf(text, from, item[1]);
  return parent === undefined ? item[1].trimEnd() + (item[1].includes(">") ? " " : "") : nextItem(parent);
}

// The nearest item above that is indented less.
function parentOf(text, from, lead) {
  const above = text.slice(0, Math.max(0, from - 1)).split("\n");
  for (const line of above.reverse()) {
    const item = isItem(line) ? ITEM.exec(line) : null;
    if (item !== null && item[1].length < lead.length) return item;
    if (item === null && line.trim() !== "" && !/^[ \t]/u.test(line)) return;
  }
}

// How far one level is: as far as the text of the item stands in which these lines are to be, or are.
function levelWidth(text, from, line, isOut) {
  const lead = /^[ \t]*/u.exec(line)[0];
  const parent = parentOf(text, from, isOut ? lead : `${lead} `);
  const item = parent ?? ITEM.exec(line);
  return item === null ? 2 : item[0].length - item[1].length - (item[6]?.length ?? 0);
}

// The first item of a nested list is its number one.
function moveIn(line, width) {
  if (line.trim() === "") return line;
  return " ".repeat(width) + line.replace(/^([ \t]*)\d{1,9}(?=[.)][ \t])/u, (_, lead) => `${lead}1`);
}

function moveOut(line, width) {
  return line.startsWith("\t") ? line.slice(1) : line.slice(/^ */u.exec(line.slice(0, width))[0].length);
}
