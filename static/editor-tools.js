// The toolbar and its keys. A button says in `data-command` what it does and in `data-keys` which keys do the same, so
// that the page is the one list of them. One stop of the Tab key for all of them; arrow keys lead through.
import { carryOut, stateOf } from "./editor-insert.js";
import { continueLine, indent } from "./editor-lines.js";
import { FORMATS, pasteUrl } from "./editor-text.js";
import { ariaKeys, isPressed, spoken } from "./keys.js";

// `isMarkdown`: whether the text is one that Markdown means something in. `say`: tells the author something;
// `words`: what gives a sentence of the page, see words.js.
export function offerTools(form, { isMarkdown, say, words }) {
  const text = form.elements.content;
  const bar = document.getElementById("toolbar");
  const formats = [...bar.querySelectorAll("[data-command]")].filter(({ dataset }) => dataset.command in FORMATS);
  if (isMarkdown) for (const button of formats) offerFormat(button, text);
  else for (const button of formats) button.remove();
  for (const button of document.querySelectorAll("[data-keys]")) nameKeys(button);
  form.addEventListener("keydown", (event) => {
    const buttons = [...form.querySelectorAll("[data-keys]")];
    pressByKeys(event, event.target === text ? buttons : buttons.filter((button) => !formats.includes(button)));
  });
  bar.hidden = false;
  rove(bar);
  if (isMarkdown) continueLists(text, () => say(words("tabLeaves")));
  if (isMarkdown) linkPasted(text);
}

function offerFormat(button, text) {
  // The caret stays where it is, and a phone's keyboard open.
  button.addEventListener("pointerdown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    carryOut(text, FORMATS[button.dataset.command](stateOf(text)));
    text.focus();
  });
}

function nameKeys(button) {
  const { keys } = button.dataset;
  const name = button.getAttribute("aria-label") ?? button.textContent.trim();
  button.title = `${name} (${spoken(keys)})`;
  button.setAttribute("aria-keyshortcuts", ariaKeys(keys));
}

function pressByKeys(event, buttons) {
  const button = buttons.find(({ dataset }) => isPressed(event, dataset.keys));
  if (button === undefined || event.defaultPrevented) return;
  event.preventDefault();
  button.click();
}

// The pattern of a toolbar: https://www.w3.org/WAI/ARIA/apg/patterns/toolbar/
function rove(bar) {
  const shown = () => [...bar.querySelectorAll("button")].filter((button) => button.checkVisibility());
  const stop = (button) => {
    for (const each of bar.querySelectorAll("button")) each.tabIndex = each === button ? 0 : -1;
  };
  stop(bar.querySelector("button"));
  bar.addEventListener("focusin", (event) => stop(event.target));
  bar.addEventListener("keydown", (event) => {
    const buttons = shown();
    const here = buttons.indexOf(document.activeElement);
    const step = getComputedStyle(bar).direction === "rtl" ? -1 : 1;
    const next = { ArrowRight: here + step, ArrowLeft: here - step, Home: 0, End: buttons.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    buttons.at(next % buttons.length).focus();
  });
}

// Enter goes on with a list or a quotation, Tab moves items. Escape gives the Tab key back, so that nobody is trapped.
function continueLists(text, sayFree) {
  let isFree = false;
  text.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      isFree = true;
      return sayFree();
    }
    if (carryOut(text, editOf(event, stateOf(text), isFree))) event.preventDefault();
    if (event.key !== "Shift" && event.key !== "Tab") isFree = false;
  });
  text.addEventListener("blur", () => {
    isFree = false;
  });
}

function editOf({ key, shiftKey }, state, isTabFree) {
  if (key === "Enter" && !shiftKey) return continueLine(state);
  if (key === "Tab" && !isTabFree) return indent(state, shiftKey);
}

function linkPasted(text) {
  text.addEventListener("paste", (event) => {
    const pasted = event.clipboardData?.getData("text/plain") ?? "";
    if (carryOut(text, pasteUrl(stateOf(text), pasted))) event.preventDefault();
  });
}
