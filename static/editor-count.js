// Words and characters of the text, or of what is selected in it; and how much room is left, once there is little.
const COUNT_MS = 200; // from a keystroke to the count: a long text takes some milliseconds
const NEARLY_FULL = 0.9; // of the longest text, from where its size is shown

// Words as a language's own rules cut them, also where no spaces stand between them.
export function countIn(text) {
  const characters = [...text].length;
  if (typeof Intl.Segmenter !== "function") return { words: text.match(/\S+/gu)?.length ?? 0, characters };
  let words = 0;
  for (const { isWordLike } of new Intl.Segmenter(undefined, { granularity: "word" }).segment(text))
    words += isWordLike ? 1 : 0;
  return { words, characters };
}

// `say`: what gives a sentence of the page, see words.js.
export function countWords(field, say) {
  const shown = document.getElementById("editor-count");
  const maxBytes = Number(field.dataset.maxBytes);
  let timer = 0;
  const plan = () => {
    clearTimeout(timer);
    timer = setTimeout(show, COUNT_MS);
  };
  field.addEventListener("input", plan);
  document.addEventListener("selectionchange", () => document.activeElement === field && plan());
  show();

  function show() {
    const { value, selectionStart, selectionEnd } = field;
    const chosen = document.activeElement === field ? value.slice(selectionStart, selectionEnd) : "";
    const { words, characters } = countIn(chosen || value);
    const counts = { words: say("words", { count: words }), characters: say("characters", { count: characters }) };
    const size = say(chosen ? "selectedSize" : "textSize", counts);
    const used = usedOf(value, maxBytes);
    const most = maxBytes / 1024;
    const said = used === undefined ? size : say("nearlyFull", { size, used, most });
    if (shown.textContent !== said) shown.textContent = said;
  }
}

// The KB of a text that has little room left.
function usedOf(value, maxBytes) {
  // A letter has at most three bytes for each of its units.
  if (value.length * 3 < maxBytes * NEARLY_FULL) return;
  const bytes = new TextEncoder().encode(value).length;
  return bytes < maxBytes * NEARLY_FULL ? undefined : Math.ceil(bytes / 1024);
}
