// The author's pages: what they do beyond plain forms. Loaded in the head, so that a remembered colour scheme holds
// before the first paint. Every page works without it.
(() => {
  const root = document.documentElement;
  const ofSite = root.dataset.colourScheme ?? "";
  const KEY = "colour-scheme";

  // Storage may be forbidden to the page: then nothing is remembered.
  const remembered = () => {
    try {
      return localStorage.getItem(KEY) ?? "";
    } catch {
      return "";
    }
  };
  const remember = (scheme) => {
    try {
      if (scheme) localStorage.setItem(KEY, scheme);
      else localStorage.removeItem(KEY);
    } catch {}
  };
  const show = (scheme) => {
    root.dataset.colourScheme = scheme || ofSite;
  };
  show(remembered());

  document.addEventListener("DOMContentLoaded", () => {
    offerColourSchemes();
    for (const form of document.querySelectorAll("form[data-guard]")) guardUnsaved(form);
    const editor = document.getElementById("editor");
    if (editor) equipEditor(editor);
  });

  function offerColourSchemes() {
    const box = document.querySelector("[data-scheme]");
    if (!box) return;
    const select = box.querySelector("select");
    select.value = remembered();
    select.addEventListener("change", () => {
      remember(select.value);
      show(select.value);
    });
    box.hidden = false;
  }

  // Asks before leaving a page with unsaved text; a submission is no leaving.
  function guardUnsaved(form) {
    let isUnsaved = "unsaved" in form.dataset;
    form.addEventListener("input", () => {
      isUnsaved = true;
    });
    form.addEventListener("submit", () => {
      isUnsaved = false;
    });
    addEventListener("beforeunload", (event) => {
      if (isUnsaved && !isKept(form)) event.preventDefault();
    });
    // Back from the next page, possibly one that refused the text: it is unsaved again.
    addEventListener("pageshow", (event) => {
      if (event.persisted) isUnsaved = true;
    });
  }

  // What the server has of it needs no question; files that were chosen it has not.
  function isKept(form) {
    const hasFiles = [...form.querySelectorAll("input[type=file]")].some((field) => field.files.length > 0);
    return form.dataset.autosave === "saved" && !hasFiles;
  }

  function equipEditor(editor) {
    completeTags(editor.elements.tags, document.getElementById("known-tags"));
    editor.elements.title.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      editor.elements.content.focus();
    });
    followPreview(editor);
  }

  // A datalist completes whole values: put what was typed before the last comma in front of each suggestion.
  function completeTags(field, list) {
    const names = [...list.options].map((option) => option.value);
    field.addEventListener("input", () => {
      const before = field.value.slice(0, field.value.lastIndexOf(",") + 1);
      const used = new Set(before.split(",").map((name) => name.trim().toLowerCase()));
      const start = before && `${before.trimEnd()} `;
      list.replaceChildren(
        ...names.filter((name) => !used.has(name.toLowerCase())).map((name) => new Option(start + name, start + name)),
      );
    });
  }

  // The preview follows the text by htmx; the button then only leads to it, and what fails is said beside it.
  function followPreview(editor) {
    const pane = document.getElementById("preview");
    const status = document.getElementById("preview-status");
    const say = (sentence) => {
      if (status.textContent !== sentence) status.textContent = sentence;
    };
    editor.addEventListener(
      "submit",
      (event) => {
        if (event.submitter?.value !== "preview" || !window.htmx) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        editor.elements.content.dispatchEvent(new Event("input", { bubbles: true }));
        document.getElementById("preview-heading").scrollIntoView({ block: "start" });
        pane.focus({ preventScroll: true });
      },
      true,
    );
    document.addEventListener("htmx:config:request", (event) => {
      event.detail.ctx.request.headers["X-CSRF-Token"] = document.querySelector("meta[name=csrf]").content;
    });
    document.addEventListener("htmx:error", () =>
      say("The site cannot be reached just now. Your text is safe in the form."),
    );
    document.addEventListener("htmx:after:swap", () => say(""));
  }
})();
