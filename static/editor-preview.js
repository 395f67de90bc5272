// The preview follows the text by htmx, as long as it is shown; its button then only leads to it, and what fails is said
// beside it.
import { keepInStep } from "./editor-scroll.js";

// `views`: what offerViews() returned. `words`: what gives a sentence of the page, see words.js.
export function followPreview(form, { views, words }) {
  const pane = document.querySelector(".preview");
  const shown = document.getElementById("preview");
  const status = document.getElementById("preview-status");
  const step = keepInStep(form.elements.content, shown);
  let isBehind = false;
  const say = (sentence) => {
    if (status.textContent !== sentence) status.textContent = sentence;
  };
  form.addEventListener(
    "submit",
    (event) => {
      if (event.submitter?.value !== "preview" || !window.htmx) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      views.showPreview();
      shown.focus({ preventScroll: true });
    },
    true,
  );
  views.onChange(() => {
    if (isBehind && pane.checkVisibility()) pane.dispatchEvent(new CustomEvent("preview"));
    step.follow();
  });
  document.addEventListener("htmx:config:request", (event) => {
    isBehind = !pane.checkVisibility();
    if (isBehind) return event.preventDefault();
    event.detail.ctx.request.headers["X-CSRF-Token"] = document.querySelector("meta[name=csrf]").content;
  });
  document.addEventListener("htmx:error", () => say(words("previewAway")));
  document.addEventListener("htmx:after:swap", () => {
    say("");
    step.renew();
  });
}
