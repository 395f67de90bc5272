// Carries out edits (see editor-text.js) in a text field as if they were typed: one step for Ctrl+Z, and an `input` event
// for all that follow the text. Browsers keep their undo history only for what document.execCommand does; it is called
// old, but is the one way that Chromium, Firefox and Safari all have. Where one refuses, setRangeText does it without.

// Carries out an edit; undefined is none. Returns whether there was one.
export function carryOut(field, edit) {
  if (edit === undefined) return false;
  const narrow = withoutSameEnds(field.value, edit);
  withFocus(field, () => insert(field, narrow));
  field.setSelectionRange(...edit.select);
  return true;
}

// Replaces one piece of the text, wherever the author is meanwhile: caret and focus stay with what they were at.
export function replace(field, { from, to, insert: text }) {
  const follow = (position) =>
    position <= from ? position : Math.max(from + text.length, position + text.length - (to - from));
  const select = [follow(field.selectionStart), follow(field.selectionEnd)];
  carryOut(field, { from, to, insert: text, select });
}

// The field's selection, as editor-text.js takes it.
export function stateOf(field) {
  return { text: field.value, start: field.selectionStart, end: field.selectionEnd };
}

function insert(field, { from, to, insert: text }) {
  if (from === to && text === "") return;
  field.setSelectionRange(from, to);
  const isDone = text === "" ? document.execCommand("delete") : document.execCommand("insertText", false, text);
  if (isDone) return;
  field.setRangeText(text, from, to, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertReplacementText", data: text }));
}

// The less is replaced, the less there is to flicker, and the cheaper it is in a long text.
function withoutSameEnds(value, { from, to, insert: text }) {
  const old = value.slice(from, to);
  const most = Math.min(old.length, text.length);
  let head = 0;
  while (head < most && old[head] === text[head]) head += 1;
  let tail = 0;
  while (tail < most - head && old.at(-1 - tail) === text.at(-1 - tail)) tail += 1;
  return { from: from + head, to: to - tail, insert: text.slice(head, text.length - tail) };
}

// The command acts where the focus is.
function withFocus(field, act) {
  const before = document.activeElement;
  if (before === field) return act();
  field.focus({ preventScroll: true });
  act();
  if (before instanceof HTMLElement && before !== document.body) before.focus({ preventScroll: true });
}
