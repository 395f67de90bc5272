// Text and preview scroll in step: what stands at the upper edge of one stands at that of the other. Nothing in the preview
// says which line it was made of, so its blocks are looked for in the text by their first letters.
import { placesIn } from "./editor-mirror.js";

const PREFIXES = [24, 12, 6]; // letters by which a block is looked for; marks of Markdown may stand among the later ones
const LETTER = /[\p{L}\p{N}]/u;

// `text`: the textarea. `shown`: the box of the preview. Returns { follow, renew }: the preview goes where the text is; it
// does so after its content has changed.
export function keepInStep(text, shown) {
  let anchors;
  let leader = text;
  for (const box of [text, shown]) {
    for (const type of ["pointerdown", "wheel", "touchstart", "focusin", "keydown"]) {
      box.addEventListener(type, () => lead(box), { passive: true });
    }
    box.addEventListener("scroll", () => box === leader && move(box), { passive: true });
  }
  text.addEventListener("input", forget);
  // An image has its height once it is there, or is known not to come.
  for (const type of ["load", "error"]) shown.addEventListener(type, renew, true);
  addEventListener("resize", forget);
  return { follow: () => move(text), renew };

  function renew() {
    forget();
    if (leader === text) move(text);
  }

  function lead(box) {
    leader = box;
  }

  function forget() {
    anchors = undefined;
  }

  function move(box) {
    if (!text.checkVisibility() || !shown.checkVisibility()) return;
    anchors ??= findAnchors(text, shown);
    if (box === text) shown.scrollTop = between(anchors, { at: text.scrollTop, from: "text", to: "shown" });
    else text.scrollTop = between(anchors, { at: shown.scrollTop, from: "shown", to: "text" });
  }
}

// The letters and digits of a text, in lower case, and where each of them stands in it.
export function lettersOf(text) {
  const places = [];
  let letters = "";
  let at = 0;
  for (const sign of text) {
    if (LETTER.test(sign)) {
      // One that is written with several in lower case counts as the one that it is.
      letters += sign.toLowerCase().slice(0, sign.length);
      for (let unit = 0; unit < sign.length; unit += 1) places.push(at + unit);
    }
    at += sign.length;
  }
  return { letters, places };
}

// Where in a text its blocks begin, given what readers see of each; -1 for one that is not found behind the one before.
export function findBlocks(text, blocks) {
  const { letters, places } = lettersOf(text);
  let from = 0;
  return blocks.map((block) => {
    const wanted = lettersOf(block.slice(0, 200)).letters;
    for (const length of PREFIXES) {
      const found = wanted === "" ? -1 : letters.indexOf(wanted.slice(0, length), from);
      if (found === -1) continue;
      from = found + 1;
      return places[found];
    }
    return -1;
  });
}

// The place in one box that belongs to a place in the other.
export function between(anchors, { at, from, to }) {
  const next = anchors.findIndex((anchor) => anchor[from] >= at);
  if (next === 0 || anchors.length === 0) return 0;
  if (next === -1) return anchors.at(-1)[to];
  const [a, b] = [anchors[next - 1], anchors[next]];
  const share = b[from] === a[from] ? 0 : (at - a[from]) / (b[from] - a[from]);
  return a[to] + share * (b[to] - a[to]);
}

function findAnchors(text, shown) {
  const blocks = [...shown.querySelectorAll(".prose > *, .prose li")].filter(
    (block) => block.textContent.trim() !== "",
  );
  const found = findBlocks(
    text.value,
    blocks.map((block) => block.textContent),
  );
  const known = found.flatMap((position, index) => (position === -1 ? [] : [{ position, block: blocks[index] }]));
  const places = placesIn(
    text,
    known.map(({ position }) => position),
  );
  const origin = shown.getBoundingClientRect().top - shown.scrollTop;
  const end = { text: text.scrollHeight - text.clientHeight, shown: shown.scrollHeight - shown.clientHeight };
  const pairs = known.map(({ block }, index) => ({
    text: places[index].top,
    shown: block.getBoundingClientRect().top - origin,
  }));
  const rising = [{ text: 0, shown: 0 }];
  for (const pair of pairs) {
    const last = rising.at(-1);
    const isWithin = pair.text < end.text && pair.shown < end.shown;
    if (isWithin && pair.text > last.text && pair.shown > last.shown) rising.push(pair);
  }
  return [...rising, end];
}
