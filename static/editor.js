// The editor: a plain form that grows commands. Each part stands in a file of its own and needs no other; where one fails,
// the form still saves, and autosave.js, which is apart, still keeps every word.
import { completeWords } from "./editor-complete.js";
import { countWords } from "./editor-count.js";
import { showKindFields } from "./editor-kind.js";
import { followPreview } from "./editor-preview.js";
import { completeTags } from "./editor-tags.js";
import { offerTools } from "./editor-tools.js";
import { takeImages } from "./editor-upload.js";
import { offerViews } from "./editor-views.js";
import { wordsOf } from "./words.js";

const form = document.getElementById("editor");
const text = form.elements.content;
const status = document.getElementById("editor-said");
// Said once, to eyes and ears; the same sentence again is said again.
const say = (sentence) => {
  status.textContent = "";
  status.textContent = sentence;
};
const words = wordsOf(document.getElementById("editor-words"));
const isMarkdown = form.dataset.format === "markdown";

form.elements.title?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing) return;
  event.preventDefault();
  text.focus();
});
showKindFields(form);
completeTags(form.elements.tags, document.getElementById("known-tags"));
const views = offerViews(form);
followPreview(form, { views, words });
countWords(text, words);
// Before the keys of lists: while suggestions are shown, Enter and Tab are theirs.
if (isMarkdown) completeWords(text, { say, words });
offerTools(form, { isMarkdown, say, words });
takeImages(form, { say, words });
