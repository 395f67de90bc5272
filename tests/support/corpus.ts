import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { toXmlCharacters } from "../../src/lib/xml.ts";
import { testFolder } from "./context.ts";
import { HOSTILE_PIECES } from "./hostile-text.ts";

/** How many notes the generated set has. */
export const GENERATED_NOTES = 120;

/** A folder of Markdown notes with front matter: the real ones in CORPUS_DIR where there are some, else a generated set. */
export function corpusFolder(): string {
  const folder = process.env.CORPUS_DIR ?? "";
  return folder !== "" && existsSync(folder) ? folder : generateCorpus();
}

function generateCorpus(): string {
  const root = testFolder();
  for (let index = 0; index < GENERATED_NOTES; index += 1) {
    const tag = `topic-${index % 7}`;
    mkdirSync(join(root, tag), { recursive: true });
    writeFileSync(join(root, tag, `note-${index}.md`), generateNote(index, tag));
  }
  return root;
}

/** Four notes share each moment, so that lists must tell them apart by more than the time. */
function generateNote(index: number, tag: string): string {
  const day = String(1 + (Math.floor(index / 4) % 28)).padStart(2, "0");
  const title = index % 3 === 0 ? "" : `title: "Note ${index} & <more>"\n`;
  const piece = toXmlCharacters(HOSTILE_PIECES[index % HOSTILE_PIECES.length] ?? "");
  return [
    `---\n${title}date: 2025-${String(1 + (index % 12)).padStart(2, "0")}-${day}T09:30:00-08:00\ntags: [${tag}]\n---\n`,
    `A note with [a link](/archive), [a place](#below), \`code\` and ${piece}.\n`,
    `| a | b |\n|---|---|\n| ${index} | 日本語 |\n`,
    `\`\`\`js\nconst answer = "${"x".repeat(index * 20)}";\n\`\`\`\n`,
    "## Below\n\nText with a footnote[^1].\n\n[^1]: The note.\n",
  ].join("\n");
}
