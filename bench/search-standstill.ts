// How long each kind of search holds up everybody else: npx tsx bench/search-standstill.ts FILE
// FILE is the database of a large set, such as .cache/bench/sets-…/100000/data/starpunk.db; it is only read.
import { Database } from "../src/db/database.ts";
import { searchListedNotes } from "../src/search/search.ts";
import { endSearchProcess } from "../src/search/search-apart.ts";
import { findListedNotes, findWrittenNotes } from "../src/search/search-aside.ts";

const ROUNDS = 5;
/** Every so many-th note is looked at to know which words are frequent. */
const SAMPLE = 250;

const [file = ""] = process.argv.slice(2);
const db = Database.open({ file, readers: 1 });
const words = frequentWords();
const [first = "", ...others] = words;
const SEARCHES: [string, string, "newest" | "relevance"][] = [
  ["a word of every note", first, "newest"],
  ["the same, best first", first, "relevance"],
  ["three such words", words.slice(0, 3).join(" "), "newest"],
  ["twenty", words.slice(0, 20).join(" "), "newest"],
  ["twenty, best first", words.slice(0, 20).join(" "), "relevance"],
  [
    "such a word and not 19 others",
    `${first} ${words
      .slice(1, 20)
      .map((word) => `-${word}`)
      .join(" ")}`,
    "newest",
  ],
  ["such a word 20 times as a phrase", `"${words.slice(0, 20).fill(first).join(" ")}"`, "newest"],
  ["the same, best first", `"${words.slice(0, 20).fill(first).join(" ")}"`, "relevance"],
  [
    "ten phrases",
    others
      .slice(0, 10)
      .map((word, index) => `"${words[index]} ${word}"`)
      .join(" "),
    "newest",
  ],
  ["a beginning of three letters, best first", "sto*", "relevance"],
  ["a year without notes and such a word", `${first} year:1999`, "newest"],
  ["a kind without notes and such a word", `${first} kind:rsvp`, "newest"],
  ["the same, best first", `${first} kind:rsvp`, "relevance"],
  ["a misspelt word", "storyt", "newest"],
];

await findListedNotes(db, "sto*");
process.stdout.write(
  "| search | in one process, ms | standstill, ms | until the answer, ms | author's standstill, ms |\n",
);
for (const [name, text, order] of SEARCHES) {
  const alone = await repeat(async () => searchListedNotes(db, text, { order }));
  const reader = await repeat(() => findListedNotes(db, text, { order }));
  const author = await repeat(() => findWrittenNotes(db, text, { order }));
  const figures = [alone.tookMs, reader.standstillMs, reader.tookMs, author.standstillMs];
  process.stdout.write(`| ${name} | ${figures.map((ms) => ms.toFixed(1)).join(" | ")} |\n`);
}
await endSearchProcess(db);
db.close();

function frequentWords(): string[] {
  const counts = new Map<string, number>();
  const rows = db.all<{ text: string }>("SELECT content_text AS text FROM notes WHERE id % :sample = 0", {
    sample: SAMPLE,
  });
  for (const { text } of rows) {
    for (const word of new Set(text.match(/[a-z]{2,}/g))) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, one], [, other]) => other - one)
    .slice(0, 20)
    .map(([word]) => word);
}

/** Of a few rounds what neighbours disturbed least: how long it took, and the longest time between two turns meanwhile. */
async function repeat(run: () => Promise<unknown>): Promise<{ tookMs: number; standstillMs: number }> {
  const took: number[] = [];
  const standstills: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const watch = watchTurns();
    const startedAt = performance.now();
    await run();
    took.push(performance.now() - startedAt);
    standstills.push(await watch());
  }
  return { tookMs: Math.min(...took), standstillMs: Math.min(...standstills) };
}

function watchTurns(): () => Promise<number> {
  let last = performance.now();
  let longest = 0;
  let isWatching = true;
  const look = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (isWatching) setImmediate(look);
  };
  setImmediate(look);
  return async () => {
    await new Promise(setImmediate);
    isWatching = false;
    return longest;
  };
}
