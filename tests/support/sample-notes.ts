import { directionOf } from "../../src/lib/language.ts";
import { renderContent } from "../../src/lib/markdown.ts";
import { excerpt } from "../../src/lib/text.ts";
import { assetPath } from "../../src/web/assets.ts";
import type { NoteView } from "../../src/web/views.ts";

/** A note that has one of everything that Markdown can become here, with words and lines too long for any phone. */
const EVERYTHING = `Short, with a [link](https://example.com/), **strong**, *stressed*, \`inline code\`, ~~struck~~ words,
<kbd>Ctrl</kbd>+<kbd>C</kbd>, x<sub>2</sub>, a footnote[^1] and a #hashtag. A long address:
https://example.com/${"a-very-long-path-".repeat(9)} and ${"Donaudampfschifffahrtsgesellschaft".repeat(4)}.

## A heading of the second level

> What is quoted stands apart.

> [!NOTE]
> Useful to know, even when skimming.

> [!TIP]
> Helpful, with \`code\` and a [link](https://example.com/tip).

> [!IMPORTANT]
> Not to be missed.

> [!WARNING]
> Needs attention at once.

> [!CAUTION]
> What an action may lead to, #really.

### Lists

- one
  - nested
- [x] done
- [ ] to do

1. first
2. second

   in two paragraphs

| Name | Kind | Count | A long heading that wants room | Another |
|---|:-:|--:|---|---|
| alpha | text | 1,204 | The quick brown fox jumps | over the lazy dog |
| beta | integer | 98 | and further than the page | is wide on a phone |

\`\`\`python
@dataclass
class Note(Base):
    """A note."""
    title: str | None = None  # none is ever invented

    def path(self) -> str:
        return f"/notes/{self.slug}?{urlencode({'page': 1})}" if self.slug else missing(404, "There is no such note")
\`\`\`

\`\`\`diff
- const old = 1;
+ const fresh = /^[a-z]+$/u.test("x") ? 2 : null;
\`\`\`

\`\`\`css
.h-entry > a[href^="/"]:hover { color: var(--accent); margin: 0 auto !important; }
\`\`\`

\`\`\`html
<!-- a card --><a class="u-url" href="/notes/x">Text &amp; more</a>
\`\`\`

\`\`\`yaml
title: "A note" # with a remark
count: 12
on: [push, pull_request]
\`\`\`

***

![A field of one colour](${assetPath("icon.png")})

<details><summary>More</summary>

Hidden until asked for.

</details>

<dl><dt>Term</dt><dd>What it means</dd></dl>

[^1]: At the foot, with [a link](https://example.com/foot).
`;

type Text = { readonly title?: string; readonly content: string; readonly language?: string; readonly tags?: string[] };

const TEXTS: readonly Text[] = [
  {
    title: "Everything a note can hold, in one place",
    content: EVERYTHING,
    tags: ["web-dev", "A long tag with spaces"],
  },
  { content: "Rain all morning, so I read the [RFC](https://www.rfc-editor.org/rfc/rfc9110). #http", tags: ["http"] },
  {
    title: "كيف أكتب من هاتفي",
    content:
      "صباح الخير. النص يُقرأ من اليمين إلى اليسار، مع كلمة HTML في الوسط.\n\n## عنوان\n\n- أوّل\n- ثانٍ\n\n> اقتباس",
    language: "ar",
    tags: ["يوميات"],
  },
  { content: "בוקר טוב! הבלוג תומך גם בעברית, עם `code` באמצע.", language: "he", tags: ["עברית"] },
  { content: `Longer than lists show. ${"One more sentence of a quiet day. ".repeat(30)}` },
  { title: "A title with <b>marks</b> & “quotes” in it, and longer than one line on a phone", content: "Text." },
];

/** Notes of every sort, newest first, rendered as the site renders them. */
export function sampleNotes(): Promise<NoteView[]> {
  return Promise.all(TEXTS.map(toView));
}

async function toView({ title = "", content, language = "en", tags = [] }: Text, index: number): Promise<NoteView> {
  const { html, text } = await renderContent({ content, format: "markdown", anchor: `sample${index}` });
  const slug = `sample-${index}`;
  return {
    id: index + 1,
    slug,
    path: `/notes/${slug}`,
    url: `https://blog.example/notes/${slug}`,
    title,
    contentHtml: html,
    summary: excerpt(text, 280),
    showsInFull: title === "" && text.length <= 600,
    publishedAt: `2026-02-${20 - index}T09:30:00+01:00`,
    publishedOn: `February ${20 - index}, 2026 at 9:30 AM`,
    publishedDay: `February ${20 - index}, 2026`,
    updatedAt: index === 0 ? "2026-02-22T10:00:00+01:00" : "",
    updatedOn: index === 0 ? "February 22, 2026 at 10:00 AM" : "",
    language,
    direction: directionOf(language),
    tags: tags.map((label) => ({ label, path: `/tags/${encodeURIComponent(label)}` })),
    visibility: "public",
    status: "published",
    kind: { noun: "Note", label: "", cites: [], rsvp: null, event: null },
    showsKind: false,
  };
}
