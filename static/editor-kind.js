// Of the fields that kinds have, only those of the chosen one are shown, and those that hold something.
export function showKindFields(form) {
  const kind = form.elements.kind;
  if (!kind) return;
  const parts = [...form.querySelectorAll("[data-kinds]")];
  const show = () => {
    for (const part of parts) {
      const field = part.querySelector("input, select");
      const isWanted = part.dataset.kinds.split(" ").includes(kind.value) || field.ariaInvalid === "true";
      // An address without a kind is asked about, so it must be seen.
      part.hidden = !isWanted && !(kind.value === "" && field.value !== "");
    }
  };
  form.addEventListener("input", (event) => event.target === kind && show());
  form.addEventListener("change", (event) => event.target === kind && show());
  // What was typed elsewhere and is gone on with here.
  document.getElementById("kept-here")?.addEventListener("click", () => requestAnimationFrame(show));
  addEventListener("pageshow", show);
  show();
}
