// Some years of short notes for the demo, so that archive, calendar and statistics have something to show. The same each time.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const NOTES = 420;
const LAST_DAY = Date.UTC(2026, 10, 20);
const DAY_MS = 24 * 3600 * 1000;
/** How far back the first note lies, in days. */
const SPAN_DAYS = 4.6 * 365;

/** Each: its tags, and sentences of which a note has one or two. */
const SUBJECTS = [
  [
    ["Sea", "tides"],
    [
      "High water came an hour later than yesterday, as the table said it would.",
      "The tide gauge has a new float, and the old one is a planter now.",
      "Neap tide, so slow that the crabs look bored.",
    ],
  ],
  [
    ["radio", "making"],
    [
      "Mended a radio from 1961: one dead capacitor, and dust enough for a garden.",
      "Heard the lighthouse keeper of the next island on the short wave, between two weather reports.",
      "A new antenna, made of fence wire, brings in Lisbon after midnight.",
    ],
  ],
  [
    ["web", "small tools"],
    [
      "A feed that nobody reads is still a good diary.",
      "Wrote a small tool that renames photos by the tide they were taken at.",
      "The site lost another script today, and nobody noticed but the battery.",
    ],
  ],
  [
    ["kitchen"],
    [
      "Rye bread with caraway, dense as a brick, gone by evening.",
      "The sourdough slept through the cold week and woke up hungry.",
    ],
  ],
  [
    ["harbour", "Sea"],
    [
      "The last ferry left early, and the whole harbour went quiet at once.",
      "New paint on the pilot boat: the same red, five years brighter.",
      "Counted masts before breakfast. Eleven, one of them ours.",
    ],
  ],
  [
    ["books"],
    ["Finished a book about knots, and understood two of them.", "A library card in a new town is a kind of passport."],
  ],
];

/** Writes them into a folder, as `starpunk import` takes them. */
export function writeYears(folder) {
  mkdirSync(folder, { recursive: true });
  const chance = createChance();
  const pick = (list) => list[Math.floor(chance() * list.length)];
  for (let index = 0; index < NOTES; index += 1) {
    // More in the later years, with a silence here and there.
    const age = SPAN_DAYS * (1 - Math.sqrt(index / NOTES)) + chance() * 3;
    const date = new Date(LAST_DAY - age * DAY_MS - chance() * DAY_MS);
    if (date.getUTCMonth() === 6 && date.getUTCFullYear() % 2 === 1) continue;
    const [tags, sentences] = pick(SUBJECTS);
    const text = [...new Set([pick(sentences), ...(chance() < 0.4 ? [pick(sentences)] : [])])].join(" ");
    const head = `---\ndate: ${date.toISOString().slice(0, 10)}T${10 + (index % 9)}:15:00+02:00\ntags: [${tags.join(", ")}]\n---\n\n`;
    writeFileSync(join(folder, `note-${String(index).padStart(3, "0")}.md`), `${head}${text}\n`);
  }
}

/** Numbers that look like chance. */
function createChance() {
  let state = 20_261;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
