import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { testFolder } from "./context.ts";
import { HOSTILE_PIECES } from "./hostile-text.ts";
import { tinyGif } from "./images.ts";

/** How many notes the generated set has. */
export const GENERATED_NOTES = 120;

/** A folder of Markdown notes with front matter: the real ones in CORPUS_DIR where there are some, else a generated set. */
export function corpusFolder(): string {
  return realCorpus() ?? generateCorpus(testFolder());
}

/** The folder of real notes in CORPUS_DIR, where there is one. */
export function realCorpus(): string | undefined {
  const folder = process.env.CORPUS_DIR ?? "";
  return folder !== "" && existsSync(folder) ? folder : undefined;
}

/** Writes a set of notes with everything that Markdown has into a folder, and returns it. */
export function generateCorpus(root: string): string {
  for (let index = 0; index < GENERATED_NOTES; index += 1) {
    const folder = join(root, topicOf(index));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `note-${index}.md`), generateNote(index));
    writeFileSync(join(folder, `a picture ${index % 3}.gif`), tinyGif(1 + (index % 3), 4, 3));
  }
  return root;
}

function topicOf(index: number): string {
  return `topic-${index % 7}`;
}

/** Four notes share each moment, so that lists must tell them apart by more than the time. */
function generateNote(index: number): string {
  const day = String(1 + (Math.floor(index / 4) % 28)).padStart(2, "0");
  const date = `2025-${String(1 + (index % 12)).padStart(2, "0")}-${day}`;
  const zone = ["-08:00", "+05:30", "Z"][index % 3];
  return [
    "---",
    ...(index % 3 === 0 ? [] : [`title: "Note ${index} & <more>"`]),
    `date: ${date}T09:30:00${zone}`,
    ...(index % 5 === 0 ? [`updated: ${date}T10:30:00${zone}`] : []),
    `tags: [${topicOf(index)}, Every note]`,
    ...(index % 6 === 2 ? ["language: ar"] : []),
    "---\n",
    ...textOf(index),
  ].join("\n");
}

function textOf(index: number): string[] {
  const piece = new TextDecoder().decode(new TextEncoder().encode(HOSTILE_PIECES[index % HOSTILE_PIECES.length]));
  const next = (index + 1) % GENERATED_NOTES;
  return [
    index % 6 === 2 ? "صباح الخير، مع كلمة HTML في الوسط.\n" : `Words of note ${index}. #hashtag\n`,
    `With [a link](/archive), [a place](#below), [the next](../${topicOf(next)}/note-${next}.md), \`code\` and ${piece}.\n`,
    `| a | b |\n|---|---|\n| ${index} | 日本語 |\n`,
    `\`\`\`js\nconst answer = "${"x".repeat(index * 20)}"; // [no](link.md) ![no](image.png)\n\`\`\`\n`,
    ...(index % 4 === 1 ? ["<details><summary>More</summary>\n\n- [x] <kbd>Ctrl</kbd>\n\n</details>\n"] : []),
    ...(index % 5 === 0 ? [`![A field](<a picture ${index % 3}.gif>)\n`] : []),
    "## Below\n\nText with a footnote[^1].\n\n[^1]: The note.\n",
  ];
}
