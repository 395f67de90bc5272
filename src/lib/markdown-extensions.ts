import type { MarkedExtension, RendererThis, Token, TokenizerThis, Tokens } from "marked";
import type { FootnoteRef, Footnotes } from "marked-footnote";
import { hashtagAt, hashtagLink } from "./hashtags.ts";
import { escapeHtml } from "./html.ts";
import { tagName } from "./tag-name.ts";

/** Hashtags in running text as links to their tag; not in code, not in links, not in raw HTML that holds code. */
export function hashtags(): MarkedExtension {
  return {
    extensions: [
      {
        name: "hashtag",
        level: "inline",
        start: (text) => {
          const index = text.indexOf("#");
          return index < 0 ? undefined : index;
        },
        tokenizer: tokenizeHashtag,
        renderer: (token) => hashtagLink(String(token.label)),
      },
    ],
  };
}

function tokenizeHashtag(this: TokenizerThis, text: string, tokens: Token[]): Tokens.Generic | undefined {
  const { inLink, inRawBlock } = this.lexer.state;
  if (inLink || inRawBlock) return undefined;
  const label = hashtagAt(text, tokens.at(-1)?.raw.slice(-2) ?? "");
  return label === undefined ? undefined : { type: "hashtag", raw: `#${label}`, label, text: `#${label}` };
}

/** Headings below the page's own: the highest level in the note becomes `h2`. Each has an id that links can name. */
export function headings(anchor: string): MarkedExtension {
  let highest = 6;
  const used = new Map<string, number>();
  return {
    walkTokens(token) {
      if (token.type === "heading") highest = Math.min(highest, (token as Tokens.Heading).depth);
    },
    renderer: {
      heading({ tokens, depth }) {
        const level = Math.min(6, depth - highest + 2);
        const id = `${anchor}-h-${unused(tagName(plainText(tokens)) || "section", used)}`;
        return `<h${level} id="${id}">${this.parser.parseInline(tokens)}</h${level}>\n`;
      },
    },
  };
}

function unused(name: string, used: Map<string, number>): string {
  const count = (used.get(name) ?? 0) + 1;
  used.set(name, count);
  return count === 1 ? name : unused(`${name}-${count}`, used);
}

/** The words of inline Markdown, without marks, tags and footnote references. */
function plainText(tokens: readonly Token[]): string {
  return tokens.map(plainToken).join("");
}

function plainToken(token: Token): string {
  if (token.type === "html" || token.type === "footnoteRef") return "";
  if (token.type === "br") return " ";
  if ("tokens" in token && token.tokens !== undefined) return plainText(token.tokens);
  return "text" in token && typeof token.text === "string" ? token.text.replace(/&\w{1,30};/g, " ") : "";
}

const ALERT = /^\[!(note|tip|important|warning|caution)\][\t ]*(?:\n|$)/i;

/** GitHub's alerts: a quotation whose first line is `[!NOTE]`, `[!TIP]`, `[!IMPORTANT]`, `[!WARNING]` or `[!CAUTION]`. */
export function alerts(): MarkedExtension {
  return {
    renderer: {
      blockquote({ tokens }) {
        const [paragraph, ...rest] = tokens;
        const alert = paragraph?.type === "paragraph" ? alertIn(paragraph as Tokens.Paragraph) : undefined;
        if (alert === undefined) return false;
        const title = `<p class="alert-title">${alert.name.charAt(0).toUpperCase()}${alert.name.slice(1)}</p>\n`;
        const body = this.parser.parse([...alert.tokens, ...rest]);
        return `<div class="alert alert-${alert.name}">\n${title}${body}</div>\n`;
      },
    },
  };
}

function alertIn(paragraph: Tokens.Paragraph): { name: string; tokens: Token[] } | undefined {
  const [first, ...rest] = paragraph.tokens;
  const match = first?.type === "text" ? ALERT.exec((first as Tokens.Text).text) : null;
  if (first === undefined || match === null) return undefined;
  const name = String(match[1]).toLowerCase();
  const text = (first as Tokens.Text).text.slice(match[0].length);
  const tokens = text === "" ? rest : [{ ...first, raw: text, text } as Token, ...rest];
  return { name, tokens: tokens.length === 0 ? [] : [{ ...paragraph, tokens }] };
}

/** Code in fences names its language in a class, by which `highlightCode` finds it once the note is sanitised. */
export function fencedCode(): MarkedExtension {
  return {
    renderer: {
      code({ text, lang }) {
        const language = fenceLanguage(lang);
        const attributes = language === undefined ? "" : ` class="language-${language}"`;
        const code = text === "" ? "" : `${text.replace(/\n$/, "")}\n`;
        return `<pre><code${attributes}>${escapeHtml(code)}</code></pre>\n`;
      },
    },
  };
}

/** The language after the fence (`js {1,3}`, `{python}`, `html+jinja`), in lower case; undefined where none is named. */
function fenceLanguage(fence: string | undefined): string | undefined {
  const name = /^[\s{.]*([\w+#.-]{1,40})(?![\w+#.-])/.exec(fence ?? "")?.[1];
  return name?.toLowerCase();
}

/** Items of task lists have a class, so that the page can show the box in place of the bullet. */
export function taskLists(): MarkedExtension {
  return {
    renderer: {
      listitem(item) {
        return item.task ? `<li class="task-list-item">${this.parser.parse(item.tokens)}</li>\n` : false;
      },
    },
  };
}

/** Images described by the words of their description alone: the package would put the HTML of extensions into it. */
export function describedImages(): MarkedExtension {
  return {
    renderer: {
      image({ href, title, text, tokens }) {
        const alt = escapeHtml(tokens === undefined ? text : plainText(tokens));
        const caption = title ? ` title="${escapeHtml(title)}"` : "";
        return `<img src="${escapeHtml(encodeSpaces(href))}" alt="${alt}"${caption}>`;
      },
    },
  };
}

function encodeSpaces(href: string): string {
  return href.trim().replaceAll(" ", "%20");
}

/**
 * How footnotes are written, in place of the package's own way: numbered ids, so that no label ends up in an address,
 * and a list whose links back say where they lead.
 */
export function footnoteHtml(anchor: string): MarkedExtension {
  return {
    extensions: [
      { name: "footnoteRef", renderer: (token) => footnoteRef(anchor, token as unknown as FootnoteRef) },
      {
        name: "footnotes",
        renderer(token) {
          return footnoteList(this, anchor, token as unknown as Footnotes);
        },
      },
    ],
  };
}

function footnoteRef(anchor: string, { id, index }: FootnoteRef): string {
  const attributes = `class="footnote-ref" id="${refId(anchor, id, index)}" href="#${anchor}-fn-${id}"`;
  return `<sup><a ${attributes} aria-describedby="${anchor}-fn-label">${escapeHtml(id)}</a></sup>`;
}

function refId(anchor: string, id: string, index: number): string {
  return `${anchor}-fnref-${id}${index === 0 ? "" : `-${index + 1}`}`;
}

function footnoteList(renderer: RendererThis, anchor: string, { items }: Footnotes): string {
  if (items.length === 0) return "";
  const notes = items.map(({ content, refs }, index) => {
    const id = String(index + 1);
    const links = refs.map((_ref, ref) => backLink(anchor, id, ref)).join("");
    const html = renderer.parser.parse(content).trimEnd();
    const body = html.endsWith("</p>") ? `${html.slice(0, -4)}${links}</p>` : `${html}<p>${links.trimStart()}</p>`;
    return `<li id="${anchor}-fn-${id}">\n${body}\n</li>\n`;
  });
  const heading = `<h2 class="sr-only" id="${anchor}-fn-label">Footnotes</h2>`;
  return `<section class="footnotes">\n${heading}\n<ol>\n${notes.join("")}</ol>\n</section>\n`;
}

function backLink(anchor: string, id: string, ref: number): string {
  const label = ref === 0 ? id : `${id}-${ref + 1}`;
  const mark = ref === 0 ? "↩" : `↩<sup>${ref + 1}</sup>`;
  const href = `#${refId(anchor, id, ref)}`;
  return ` <a class="footnote-backref" href="${href}" aria-label="Back to reference ${label}">${mark}</a>`;
}
