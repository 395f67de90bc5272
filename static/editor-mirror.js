// Where letters of a text field stand: browsers tell of every element, but not of the inside of a textarea. So its text is
// set once more, unseen, in a box of the same make.
const SAME = [
  "direction",
  "fontFamily",
  "fontFeatureSettings",
  "fontKerning",
  "fontSize",
  "fontStretch",
  "fontStyle",
  "fontVariant",
  "fontWeight",
  "letterSpacing",
  "lineHeight",
  "paddingTop",
  "paddingRight",
  "paddingBottom",
  "paddingLeft",
  "tabSize",
  "textAlign",
  "textIndent",
  "textTransform",
  "wordSpacing",
];

// The places of positions in the field, in ascending order: { top, left, height } from the upper left corner of its text,
// in pixels, before scrolling.
export function placesIn(field, positions) {
  const box = createBox(field);
  const marks = [];
  let from = 0;
  for (const position of positions) {
    const mark = document.createElement("span");
    // An empty element has no line to stand on.
    mark.textContent = "\u200b";
    box.append(field.value.slice(from, position), mark);
    marks.push(mark);
    from = position;
  }
  box.append(`${field.value.slice(from)}\n`);
  document.body.append(box);
  const places = marks.map((mark) => ({ top: mark.offsetTop, left: mark.offsetLeft, height: mark.offsetHeight }));
  box.remove();
  return places;
}

function createBox(field) {
  const box = document.createElement("div");
  const style = getComputedStyle(field);
  for (const name of SAME) box.style[name] = style[name];
  Object.assign(box.style, {
    position: "absolute",
    insetBlockStart: "0",
    insetInlineStart: "0",
    visibility: "hidden",
    boxSizing: "border-box",
    width: `${field.clientWidth}px`,
    whiteSpace: "pre-wrap",
    overflowWrap: "break-word",
  });
  box.setAttribute("aria-hidden", "true");
  return box;
}
