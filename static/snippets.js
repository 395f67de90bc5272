// Puts a snippet in at the cursor. Without this script its button sends the form, and the server puts it below the text.
(() => {
  const form = document.getElementById("editor");
  if (!form?.querySelector("[data-text]")) return;

  form.addEventListener(
    "submit",
    (event) => {
      const text = event.submitter?.dataset.text;
      if (text === undefined) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      insert(form.elements.content, text);
    },
    true,
  );

  // As if it was typed, so that the browser can undo it.
  function insert(field, text) {
    field.focus();
    if (document.execCommand("insertText", false, text)) return;
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
})();
