/** A text as the index compares it, and where its characters stand in the text that it was made from. */
export type Folded = { readonly text: string; readonly placeOf: (index: number) => number };

const ASCII = /^[\0-\x7f]*$/;
const MARKS = /\p{M}/gu;

/** Stands in `foldedCodes` for a character that is left out. U+FFFF is none. */
const LEFT_OUT = 0xffff;

/** What each UTF-16 code becomes, 0 where nobody has asked yet: to take characters apart is dear. 128 KB. */
const foldedCodes = new Uint16Array(0x10000);

/** Folds case and diacritics, as the index does: `Crème` is `creme`. Marks of their own are left out. */
export function foldText(text: string): Folded {
  // The one letter that is longer in lower case.
  const lower = text.replaceAll("İ", "I").toLowerCase();
  if (ASCII.test(lower)) return { text: lower, placeOf: (index) => index };

  const codes = new Uint16Array(lower.length);
  const places = new Uint32Array(lower.length + 1);
  let length = 0;
  for (let index = 0; index < lower.length; index += 1) {
    const code = foldCode(lower.charCodeAt(index));
    if (code === LEFT_OUT) continue;
    codes[length] = code;
    places[length] = index;
    length += 1;
  }
  places[length] = lower.length;
  const folded = Buffer.from(codes.buffer, 0, 2 * length).toString("utf16le");
  return { text: folded, placeOf: (index) => places[index] ?? lower.length };
}

function foldCode(code: number): number {
  const known = foldedCodes[code];
  if (known !== undefined && known !== 0) return known;
  const plain = String.fromCharCode(code).normalize("NFD").replace(MARKS, "");
  // What falls apart into several letters (Hangul) stays whole, as it does in the index; so do halves of characters.
  const folded = plain === "" ? LEFT_OUT : plain.length === 1 ? plain.charCodeAt(0) : code;
  foldedCodes[code] = folded;
  return folded;
}
