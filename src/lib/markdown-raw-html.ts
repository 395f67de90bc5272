import type { MarkedExtension, Tokens } from "marked";
import { DROPPED, ELEMENTS, OPEN_ENDED, RENAMED, UNWRAPPED, VOID } from "./html-rules.ts";

/** Elements that show nothing of what stands between their tags. */
const HIDING: ReadonlySet<string> = new Set(["audio", "video"]);

/** The beginning of a tag, a comment or a declaration, as the HTML standard reads it: a name ends at space, `/`, `>`. */
const TAG = /<(?:(\/?)([a-z][^\s/>]*)|!--|[!?])/gi;

/**
 * Raw HTML in Markdown, so that no slip of the pen swallows the rest of a note: tags that HTML does not know
 * (`<branch>`), that a note cannot hold, or whose end is missing, are text and are shown as they were written.
 * Calls `onHtml` for whatever is passed on as HTML: that must go through the sanitiser.
 */
export function rawHtml(onHtml: () => void): MarkedExtension {
  return {
    tokenizer: {
      html(source) {
        const block = this.rules.block.html.exec(source)?.[0];
        return block !== undefined && isProse(block) ? undefined : false;
      },
      tag(source) {
        const tag = this.rules.inline.tag.exec(source)?.[0];
        return tag !== undefined && isInlineProse(tag, source) ? textToken(tag) : false;
      },
    },
    renderer: {
      html({ text, block }) {
        onHtml();
        return block === true ? neutralise(text) : text;
      },
    },
  };
}

function textToken(raw: string): Tokens.Tag {
  // A tokenizer for tags may return any inline token; the type of the package knows only one.
  return { type: "text", raw, text: raw, escaped: false } as unknown as Tokens.Tag;
}

/** Whether a block that looks like HTML begins with something that is text here. */
function isProse(block: string): boolean {
  TAG.lastIndex = 0;
  const first = TAG.exec(block);
  return first !== null && isLiteral(first, block);
}

/** Within a sentence, elements whose content would go are always a mention, and an unclosed tag has no reach. */
function isInlineProse(tag: string, source: string): boolean {
  TAG.lastIndex = 0;
  const first = TAG.exec(tag);
  if (first === null) return false;
  const name = first[2]?.toLowerCase();
  if (name === undefined) return isLiteral(first, tag);
  if (!isKnown(name) || DROPPED.has(name)) return true;
  const needsEnd = first[1] === "" && !VOID.includes(name) && !OPEN_ENDED.has(name) && !tag.endsWith("/>");
  return needsEnd && !hasEnd(source, tag.length, name);
}

/** A block of HTML with everything in it that is text here escaped. */
function neutralise(block: string): string {
  return block.replace(TAG, (tag, ...groups) => {
    const match = Object.assign([tag, groups[0], groups[1]], { index: Number(groups[2]) });
    return isLiteral(match, block) ? `&lt;${tag.slice(1)}` : tag;
  });
}

type TagMatch = { readonly index: number; readonly [group: number]: string | undefined };

function isLiteral(match: TagMatch, block: string): boolean {
  const name = match[2]?.toLowerCase();
  if (name === undefined) return match[0] !== "<!--" || !block.includes("-->", match.index);
  if (!isKnown(name)) return true;
  if (match[1] === "/" || !(DROPPED.has(name) || HIDING.has(name))) return false;
  return !hasEnd(block, match.index, name);
}

function isKnown(name: string): boolean {
  return Object.hasOwn(ELEMENTS, name) || Object.hasOwn(RENAMED, name) || UNWRAPPED.has(name) || DROPPED.has(name);
}

function hasEnd(text: string, from: number, name: string): boolean {
  return new RegExp(`</${name}(?![^\\s/>])`, "i").test(text.slice(from));
}
