import type { NoteInput } from "../../src/notes/note-input.ts";
import { MAX_TAGS } from "../../src/notes/note-input.ts";
import { MAX_FULL_LENGTH } from "../../src/web/present.ts";

/** A note that is hard to show well, under a slug by which tests find it. */
export type StressNote = NoteInput & { readonly slug: string };

const LONG_WORD = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz".repeat(3);
const LONG_URL = `https://example.com/${"a-path-that-never-ends-".repeat(12)}?query=${"x".repeat(120)}`;
const SENTENCE = "One more sentence of a quiet day. ";

/** Notes that strain the look, in the order in which they are published. `picture` is the path of a stored image. */
export function stressNotes(picture: string): StressNote[] {
  return [
    ...inOtherScripts(),
    ...tooWide(),
    { slug: "everything", title: "Everything that Markdown knows", tags: ["markdown"], content: everything(picture) },
    { slug: "pictures", title: "Pictures, sound and film", tags: ["media"], content: pictures(picture) },
    { slug: "headings", title: "Headings of every level", content: headings() },
    { slug: "six-hundred", content: ofLength(MAX_FULL_LENGTH) },
    { slug: "six-hundred-and-one", content: ofLength(MAX_FULL_LENGTH + 1) },
    { slug: "untitled", content: "Rain all morning. No title, no tags, one [link](https://example.com/)." },
    {
      slug: "many-tags",
      title: "More tags than anyone needs",
      content: "Each in its place.",
      tags: Array.from({ length: MAX_TAGS }, (_, index) => (index === 7 ? "a-tag-".repeat(13) : `subject ${index}`)),
    },
    { slug: "emoji", title: "🌧️👩🏽‍🚀🏳️‍🌈", content: "😀".repeat(80), tags: ["🎉party"] },
    { slug: "marks", title: 'A title with <b>marks</b>, "quotes" & a | bar', content: "Text & <i>more</i> of it." },
    { slug: "only-code", content: "```\nno language, no title, nothing else\n```" },
  ];
}

function inOtherScripts(): StressNote[] {
  return [
    {
      slug: "arabic",
      title: "كيف أكتب من هاتفي في الطريق إلى العمل",
      language: "ar",
      tags: ["يوميات", "web"],
      content:
        "صباح الخير. النص يُقرأ من اليمين إلى اليسار، مع كلمة HTML في الوسط و`code` أيضًا[^1].\n\n## عنوان فرعي\n\n- أوّل\n- ثانٍ\n  - متداخل\n\n> اقتباس قصير\n\n| الاسم | العدد |\n|---|--:|\n| قمر | 12 |\n\n> [!NOTE]\n> تنبيه مفيد.\n\n```js\nconst answer = 42; // left to right\n```\n\n- [x] تم\n\n[^1]: حاشية.",
    },
    { slug: "hebrew", language: "he", content: "בוקר טוב! הבלוג תומך גם בעברית, עם `code` באמצע ו־#תגית." },
    {
      slug: "mixed",
      title: "Mixed: שלום, مرحبا, hello (2026)",
      tags: ["עברית", "english"],
      content: "First line in English.\n\nשורה שנייה בעברית עם English באמצע, 12:30.\n\nثم سطر بالعربية (2026).",
    },
    {
      slug: "japanese",
      title: "禁則処理と長い日本語の題名について、改行できる場所を考える",
      language: "ja",
      tags: ["日本語"],
      content: "日本語の文章には空白がありません。".repeat(12),
    },
    { slug: "chinese", language: "zh", content: "中文没有空格，但是浏览器知道哪里可以换行。#中文" },
  ];
}

function tooWide(): StressNote[] {
  const columns = Array.from({ length: 14 }, (_, index) => `Column ${index}`);
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const table = [row(columns), row(columns.map(() => "---")), row(columns.map((_, index) => `value ${index ** 5}`))];
  const list = (mark: string) =>
    Array.from({ length: 9 }, (_, depth) => `${"   ".repeat(depth)}${mark} Level ${depth + 1} of a deep list`).join(
      "\n",
    );
  return [
    {
      slug: "long-words",
      title: LONG_WORD,
      tags: [`averylongtag${"x".repeat(60)}`],
      content: `${LONG_WORD}\n\n${LONG_URL}\n\n\`${"inline_code_without_end_".repeat(12)}\`\n\n## ${LONG_WORD}\n\n> ${LONG_WORD}\n\n- ${LONG_URL}\n\n| ${LONG_WORD} | b |\n|---|---|\n| ${LONG_URL} | c |\n\nFoot[^1]\n\n[^1]: ${LONG_URL}`,
    },
    { slug: "long-address", content: `${LONG_URL} and ${LONG_WORD}` },
    { slug: "wide-table", title: "A table that is wider than any phone", content: table.join("\n") },
    { slug: "deep-list", title: "A deep list", content: `${list("-")}\n\n${list("1.")}` },
    {
      slug: "long-code",
      title: "Code with long lines",
      content: `\`\`\`python\ndef path(self): return f"/notes/{self.slug}?{urlencode({'page': 1})}" if self.slug else ${"missing(404, 'no such note') or ".repeat(5)}None  # ${SENTENCE.repeat(3)}\n\`\`\`\n\n\`\`\`diff\n- const old = 1;\n+ const fresh = 2;\n\`\`\`\n\n\`\`\`html\n<!-- a card --><a class="u-url" href="/notes/x">Text &amp; more</a>\n\`\`\`\n\n\`\`\`css\n.a > b[href^="/"]:hover { color: var(--accent) !important; }\n\`\`\``,
    },
  ];
}

function everything(picture: string): string {
  return `Short, with a [link](https://example.com/), **strong**, *stressed*, \`inline code\`, ~~struck~~,
<kbd>Ctrl</kbd>+<kbd>C</kbd>, x<sub>2</sub>, <mark>marked</mark>, <abbr title="HyperText">HTML</abbr>, <ruby>漢<rt>かん</rt></ruby>,
a footnote[^1], another[^long] and the first again[^1], and a #hashtag.

${["note", "tip", "important", "warning", "caution"].map((name) => `> [!${name.toUpperCase()}]\n> An alert with \`code\`, a [link](https://example.com/${name}) and #${name}.`).join("\n\n")}

## Lists

- one
  - nested
- [x] done
- [ ] to do, with [a link](/archive)

3. three
4. four

   in two paragraphs

| Name | Kind | Count |
|---|:-:|--:|
| alpha | text | 1,204 |

> What is quoted stands apart.
>
> > And again.

***

![A drawing of the tide](${picture})

<figure><img src="${picture}" alt="The same drawing"><figcaption>With words below it.</figcaption></figure>

<details><summary>More</summary>

Hidden until asked for, with [a link](/archive).

</details>

<dl><dt>Term</dt><dd>What it means</dd></dl>

[^1]: At the foot, with [a link](https://example.com/foot).
[^long]: ${SENTENCE.repeat(4)}
`;
}

function pictures(picture: string): string {
  return `![](${picture})

![A drawing of the tide](${picture})

Text ![inline](${picture}) and text.

![Elsewhere](https://images.example/elsewhere.jpg) and ![](https://images.example/without-words.jpg)

<video src="https://films.example/film.mp4" poster="${picture}"></video>

<audio src="https://sounds.example/sound.ogg"></audio>

<figure><img src="${picture}" alt="Framed"><figcaption>With words below it.</figcaption></figure>
`;
}

function headings(): string {
  return [1, 2, 3, 4, 5, 6].map((level) => `${"#".repeat(level)} Level ${level} \`code\`\n\n${SENTENCE}`).join("\n\n");
}

function ofLength(characters: number): string {
  return SENTENCE.repeat(characters)
    .slice(0, characters - 1)
    .trimEnd()
    .padEnd(characters, "!");
}
