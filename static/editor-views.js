// What of the desk is shown: the text, the preview, both side by side where there is room, or in focus mode the text and
// nothing else. Without this file both are there, the preview below the text or beside it.
import { isPressed } from "./keys.js";

const WIDE = "(min-width: 64rem)";
const KEY = "editor-view";

// Returns { showPreview, onChange }: the latter is told whenever something else is shown.
export function offerViews(form) {
  const desk = form.closest(".desk");
  const bar = document.getElementById("views");
  const focus = document.getElementById("focus-mode");
  const wide = matchMedia(WIDE);
  const listeners = [];
  let chosen = wide.matches ? remembered() : "write";

  for (const button of bar.querySelectorAll("button"))
    button.addEventListener("click", () => choose(button.dataset.view));
  focus.addEventListener("click", () => setFocus(!isFocused()));
  wide.addEventListener("change", () => choose(wide.matches ? remembered() : "write"));
  document.addEventListener("keydown", (event) => {
    if (!isPressed(event, bar.dataset.switchKeys) || isFocused()) return;
    event.preventDefault();
    choose(chosen === "write" ? (wide.matches ? "both" : "preview") : "write");
  });
  form.elements.content.addEventListener("input", () => keepInSight(form));
  bar.hidden = false;
  desk.dataset.live = "";
  show();
  return { showPreview, onChange: (listener) => listeners.push(listener) };

  function choose(view) {
    chosen = view === "both" && !wide.matches ? "write" : view;
    if (wide.matches && chosen !== "preview") remember(chosen);
    show();
    if (chosen === "write") form.elements.content.focus({ preventScroll: true });
  }

  function show() {
    // What is not displayed forgets how far it was scrolled.
    const { scrollTop } = form.elements.content;
    desk.dataset.view = isFocused() ? "write" : chosen;
    if (scrollTop > 0) form.elements.content.scrollTop = scrollTop;
    for (const button of bar.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.dataset.view === chosen));
    }
    for (const listener of listeners) listener();
  }

  function showPreview() {
    if (chosen === "write") choose(wide.matches ? "both" : "preview");
  }

  function isFocused() {
    return "focus" in document.documentElement.dataset;
  }

  function setFocus(isOn) {
    if (isOn) document.documentElement.dataset.focus = "";
    else delete document.documentElement.dataset.focus;
    focus.setAttribute("aria-pressed", String(isOn));
    show();
    form.elements.content.focus();
  }
}

// The buttons that save stick to the lower edge of the screen: what is typed shall not go on below them.
function keepInSight(form) {
  const hidden =
    form.querySelector(".paper").getBoundingClientRect().bottom -
    form.querySelector(".actions").getBoundingClientRect().top;
  if (hidden > 0 && document.activeElement === form.elements.content) scrollBy({ top: hidden });
}

// Storage may be forbidden to the page: then it is side by side each time.
function remembered() {
  try {
    return localStorage.getItem(KEY) === "write" ? "write" : "both";
  } catch {
    return "both";
  }
}

function remember(view) {
  try {
    localStorage.setItem(KEY, view);
  } catch {}
}
