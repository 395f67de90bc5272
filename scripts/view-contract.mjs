#!/usr/bin/env node
// Writes into docs/themes.md what templates of readers' pages are given: the types of src/web/, as they stand there. With
// `--check` it writes nothing, and fails where the page is not what it would write.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const PAGE = join(ROOT, "docs", "themes.md");
const [START, END] = ["<!-- views -->\n", "<!-- end of views -->"];
/** Where types stand that views are made of. */
const SOURCES = [
  ...listSources("src/web"),
  ...listSources("src/notes"),
  ...listSources("src/site"),
  ...listSources("src/search"),
  readFileSync(join(ROOT, "src/lib/words.ts"), "utf8"),
];

const page = readFileSync(PAGE, "utf8");
const written = page.slice(0, page.indexOf(START) + START.length) + makeContract() + page.slice(page.indexOf(END));
if (!process.argv.includes("--check")) writeFileSync(PAGE, written);
else if (written !== page) {
  process.stderr.write("docs/themes.md is not what the views are given now. Run node scripts/view-contract.mjs.\n");
  process.exitCode = 1;
}

function listSources(folder) {
  const files = readdirSync(join(ROOT, folder)).filter((name) => name.endsWith(".ts"));
  return files.map((name) => readFileSync(join(ROOT, folder, name), "utf8"));
}

function makeContract() {
  const views = findViews();
  const types = new Map();
  for (const { text } of views) collect(text, types);
  const own = views.map(({ name, text }) => `### ${name}\n\n\`\`\`ts\n${text}\n\`\`\`\n`);
  const shared = [...types].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, text]) => text);
  return `\n${own.join("\n")}\n### What these are made of\n\n\`\`\`ts\n${shared.join("\n\n")}\n\`\`\`\n\n`;
}

/** The views of readers' pages, each with its comment. */
function findViews() {
  const source = readFileSync(join(ROOT, "src", "web", "views.ts"), "utf8");
  const body = source.slice(source.indexOf("export type Views = {"));
  const entries = body.matchAll(
    /^((?: {2}\/\*\*.*?\*\/\n)?) {2}"((?:notes\/|error)[^"]*\.njk)": (.*?);\n(?= {2}["/]|\})/gmsu,
  );
  return [...entries].map(([, comment, name, type]) => ({
    name,
    text: (comment + type).replace(/^ {2}/gmu, "").trim(),
  }));
}

/** Puts the types that a text names, and those that they name, into `types`. */
function collect(text, types) {
  for (const [name] of text
    .replace(/\/\*\*.*?\*\//gsu, "")
    .replace(/"[^"]*"/gu, "")
    .matchAll(/\b[A-Z]\w+\b/gu)) {
    if (types.has(name)) continue;
    const declared = declarationOf(name);
    if (declared === undefined) continue;
    types.set(name, declared);
    collect(declared, types);
  }
}

function declarationOf(name) {
  const pattern = new RegExp(`^export type ${name} =.*?;\\n(?=\\n|/\\*\\*|export |$(?![^]))`, "msu");
  const found = SOURCES.map((source) => pattern.exec(source)?.[0]).find((text) => text !== undefined);
  return found?.trim().replace("export type", "type");
}
