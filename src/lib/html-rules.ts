import type { UrlKind } from "./safe-url.ts";
import { urlKind } from "./safe-url.ts";

const NOTHING: readonly string[] = [];
const MEDIA = ["src", "width", "height", "loop", "muted", "controls", "preload"];
const CELL = ["colspan", "rowspan", "align"];

/** Every element that a note may hold, with its attributes beyond `EVERYWHERE`. What is not named here does not pass. */
export const ELEMENTS: Readonly<Record<string, readonly string[]>> = {
  ...plain("abbr b bdi bdo br cite code dd dfn dl dt em figcaption figure hr i kbd mark p rp rt ruby s samp section"),
  ...plain("small span strong sub summary sup table tbody tfoot thead tr u ul var wbr h2 h3 h4 h5 h6 caption"),
  a: ["href", "aria-describedby", "aria-label"],
  audio: MEDIA,
  blockquote: ["cite"],
  del: ["cite", "datetime"],
  details: ["open"],
  div: ["tabindex", "role", "aria-label"],
  img: ["src", "alt", "width", "height", "loading", "decoding"],
  input: ["type", "checked", "disabled", "aria-label"],
  ins: ["cite", "datetime"],
  li: ["value"],
  ol: ["start", "reversed", "type"],
  pre: ["tabindex"],
  q: ["cite"],
  source: ["src", "type"],
  td: CELL,
  th: [...CELL, "scope"],
  time: ["datetime"],
  track: ["src", "kind", "srclang", "label", "default"],
  video: [...MEDIA, "poster"],
};

/** Attributes that every element may have. */
export const EVERYWHERE: readonly string[] = ["class", "dir", "id", "lang", "title"];

/** Elements that become another one: they mean the same in a note, or would claim the page's outline. */
export const RENAMED: Readonly<Record<string, string>> = {
  acronym: "abbr",
  address: "div",
  article: "div",
  aside: "div",
  center: "div",
  footer: "div",
  h1: "h2",
  header: "div",
  hgroup: "div",
  main: "div",
  nav: "div",
  strike: "s",
  tt: "code",
};

/** Elements that go although what is in them stays. */
export const UNWRAPPED: ReadonlySet<string> = new Set(["big", "blink", "font", "marquee", "nobr", "picture"]);

/** Elements that go with all that is in them: it is no text of the note, or a browser reads it as something else. */
export const DROPPED: ReadonlySet<string> = new Set(
  words("applet canvas datalist embed frameset iframe math noembed noframes noscript object option plaintext").concat(
    words("script select style svg template textarea title xmp"),
  ),
);

/** Elements without an end tag. */
export const VOID: readonly string[] = words("br hr img input source track wbr");

/** Elements whose end tag may be left out. */
export const OPEN_ENDED: ReadonlySet<string> = new Set(words("dd dt li p rp rt tbody td tfoot th thead tr"));

/** Elements that stand on lines of their own. */
export const BLOCKS: ReadonlySet<string> = new Set(
  words(
    "blockquote caption dd details div dl dt figcaption figure h2 h3 h4 h5 h6 hr li ol p pre section summary",
  ).concat(words("table tbody td tfoot th thead tr ul")),
);

/** Which classes may stand where. Microformats never pass: a quoted page must not become a second entry of this one. */
const CLASSES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^hljs(?:-[a-z_-]+)?$/, ["code", "span"]],
  [/^[a-z]+_{1,2}$/, ["span"]],
  [/^language-[\w+#.-]+$/, ["code", "span"]],
  [/^footnotes$/, ["section"]],
  [/^(?:footnote-ref|footnote-backref|hashtag)$/, ["a"]],
  [/^sr-only$/, ["h2"]],
  [/^alert(?:-(?:note|tip|important|warning|caution))?$/, ["div"]],
  [/^alert-title$/, ["p"]],
  [/^task-list-item$/, ["li"]],
  [/^table-scroll$/, ["div"]],
];

/** The classes of `value` that may stand on such an element, separated by single spaces. */
export function allowedClasses(tagName: string, value: string): string {
  const allowed = words(value).filter((name) =>
    CLASSES.some(([rule, tags]) => tags.includes(tagName) && rule.test(name)),
  );
  return [...new Set(allowed)].join(" ");
}

const LANGUAGE = /^[a-z]{2,8}(?:-[a-z0-9]{1,8})*$/i;
const PIXELS = /^\d{1,5}$/;
/** At most 99: a larger span only serves to make a browser lay out millions of cells. */
const SPAN = /^[1-9]\d?$/;
const TIME = /^[\w:.+ -]{1,40}$/;
const ANY = /^/;

const VALUES: Readonly<Record<string, RegExp>> = {
  alt: ANY,
  "aria-label": ANY,
  align: /^(?:left|center|right)$/,
  checked: ANY,
  colspan: SPAN,
  controls: ANY,
  datetime: TIME,
  decoding: ANY,
  default: ANY,
  dir: /^(?:ltr|rtl|auto)$/i,
  disabled: ANY,
  height: PIXELS,
  kind: /^(?:subtitles|captions|descriptions|chapters|metadata)$/,
  label: ANY,
  lang: LANGUAGE,
  loading: ANY,
  loop: ANY,
  muted: ANY,
  open: ANY,
  preload: ANY,
  reversed: ANY,
  role: ANY,
  rowspan: SPAN,
  scope: /^(?:row|col|rowgroup|colgroup)$/,
  srclang: LANGUAGE,
  start: /^-?\d{1,9}$/,
  tabindex: ANY,
  title: ANY,
  type: /^(?:[1aAiI]|checkbox|[\w.+-]+\/[\w.+-]+(?:; ?codecs="?[\w., -]+"?)?)$/,
  value: /^-?\d{1,9}$/,
  width: PIXELS,
};

const URLS: Readonly<Record<string, readonly UrlKind[]>> = {
  cite: ["web"],
  href: ["web", "mail", "root", "fragment"],
  poster: ["root"],
  src: ["web", "root"],
};

/** Whether the element may keep this attribute with this value. `class` and `id` have rules of their own. */
export function isAllowedAttribute(tagName: string, name: string, value: string): boolean {
  if (!ELEMENTS[tagName]?.includes(name) && !EVERYWHERE.includes(name)) return false;
  const kinds = URLS[name];
  if (kinds === undefined) return VALUES[name]?.test(value) ?? false;
  const kind = urlKind(value);
  if (kind === undefined) return false;
  // An image may lie beside the note until the importer, or whoever places images, has found it.
  return kinds.includes(kind) || (tagName === "img" && kind === "relative");
}

function plain(names: string): Record<string, readonly string[]> {
  return Object.fromEntries(words(names).map((name) => [name, NOTHING]));
}

function words(text: string): string[] {
  return text.split(/[\t\n\f\r ]+/).filter((word) => word !== "");
}
