// Two dialogs on every page of the author's: all commands by name (Ctrl+K, in a text Ctrl+Shift+K), and all keys (`?`).
// The page itself is the list: links of the navigation, buttons with `data-command` or `data-keys`, the editor's buttons,
// and the few pages that no navigation names.
import { isPressed, isTyping, spoken } from "./keys.js";
import { wordsOf } from "./words.js";

const palette = document.getElementById("palette");
const keys = document.getElementById("shortcuts");
const field = palette.querySelector("input");
const list = palette.querySelector("[role=listbox]");
const words = wordsOf(list);
const opener = document.getElementById("open-palette");
let shown = [];
let chosen = 0;
let putBack = () => {};

for (const kbd of document.querySelectorAll("kbd[data-keys]")) kbd.textContent = spoken(kbd.dataset.keys);
for (const button of document.querySelectorAll("#open-palette, [data-command=keys]"))
  button.closest("[hidden]")?.removeAttribute("hidden");
opener.addEventListener("click", openPalette);
for (const button of document.querySelectorAll("[data-command=keys]"))
  button.addEventListener("click", () => keys.showModal());
for (const dialog of [palette, keys]) {
  // A press beside a dialog is one on its backdrop.
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
}
keys.querySelector("[data-close]").addEventListener("click", () => keys.close());
field.addEventListener("input", filter);
field.addEventListener("keydown", walk);
list.addEventListener("click", (event) => {
  const option = event.target.closest("[role=option]");
  if (option !== null) run(shown[[...list.children].indexOf(option)]);
});
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || palette.open || keys.open) return;
  const inText = document.activeElement?.matches("textarea");
  const isPalette =
    isPressed(event, "mod+shift+k") || isPressed(event, "mod+shift+p") || (!inText && isPressed(event, "mod+k"));
  const isKeys =
    isPressed(event, "mod+/") ||
    (event.key === "?" && !isTyping(document.activeElement) && !event.ctrlKey && !event.metaKey);
  if (!isPalette && !isKeys) return;
  event.preventDefault();
  if (isPalette) openPalette();
  else keys.showModal();
});

function openPalette() {
  field.value = "";
  putBack = selectionKeeper(document.activeElement);
  palette.showModal();
  filter();
}

function filter() {
  const typed = fold(field.value).split(/\s+/u).filter(Boolean);
  const fits = ({ label }) => typed.every((word) => fold(label).includes(word));
  const begins = ({ label }) => fold(label).startsWith(typed[0] ?? "");
  const found = listCommands().filter(fits);
  shown = [...found.filter(begins), ...found.filter((command) => !begins(command)), ...search()];
  list.replaceChildren(...shown.map(toOption));
  choose(0);
}

// What there is to do on this page, then where to go.
function listCommands() {
  const doing = [...document.querySelectorAll("[data-command], #editor .actions button[name=action], .aside-actions a")]
    .filter(isOffered)
    .map((element) => ({
      label: nameOf(element),
      keys: element.dataset.keys,
      about: words("here"),
      act: () => element.click(),
    }));
  const more = [...palette.querySelector("template").content.querySelectorAll("a")];
  const going = [...document.querySelectorAll(".shell nav :is(a, form button)"), ...more].map((element) => ({
    label: nameOf(element),
    about: words("goTo"),
    act: () => (element.href === undefined ? element.click() : location.assign(element.href)),
  }));
  const names = new Set();
  return [...doing, ...going].filter(({ label }) => label !== "" && !names.has(label) && names.add(label));
}

// What stands in the toolbar is a command also in focus mode, which hides the toolbar.
function isOffered(element) {
  return (
    element.closest("[hidden]") === null && (element.closest("[role=toolbar]") !== null || element.checkVisibility())
  );
}

function search() {
  const query = field.value.trim();
  if (query === "") return [];
  const act = () => location.assign(`/admin?q=${encodeURIComponent(query)}`);
  return [{ label: words("search", { query }), about: words("goTo"), act }];
}

function toOption({ label, keys: combination, about }, index) {
  const option = document.createElement("li");
  option.id = `palette-${index}`;
  option.role = "option";
  const name = document.createElement("span");
  name.textContent = label;
  const side = document.createElement(combination === undefined ? "small" : "kbd");
  side.textContent = combination === undefined ? about : spoken(combination);
  option.append(name, side);
  return option;
}

function walk(event) {
  if (event.isComposing) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step !== undefined) choose((chosen + step + shown.length) % Math.max(1, shown.length));
  else if (event.key === "Enter") run(shown[chosen]);
  else return;
  event.preventDefault();
}

function choose(index) {
  chosen = index;
  for (const [at, option] of [...list.children].entries()) option.ariaSelected = String(at === index);
  const option = list.children[index];
  option?.scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", option?.id ?? "");
}

function run(command) {
  if (command === undefined) return;
  palette.close();
  // Only when the page is drawn without the dialog can what lay below it have focus and selection again.
  requestAnimationFrame(() =>
    setTimeout(() => {
      putBack();
      command.act();
    }),
  );
}

// Gives an element that takes letters its focus and selection back: a command may be about what is selected there.
function selectionKeeper(element) {
  if (!element?.matches("textarea")) return () => {};
  const { selectionStart, selectionEnd } = element;
  return () => {
    element.focus({ preventScroll: true });
    element.setSelectionRange(selectionStart, selectionEnd);
  };
}

function nameOf(element) {
  return element.dataset.name ?? element.getAttribute("aria-label") ?? element.textContent.trim();
}

function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
