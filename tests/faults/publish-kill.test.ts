import { randomInt } from "node:crypto";
import { Agent } from "node:http";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Database } from "../../src/db/database.ts";
import { indexNewNotes } from "../../src/search/search-index.ts";
import { findIndexPlace } from "../../src/search/search-index-store.ts";
import { query, tamper } from "../support/database-files.ts";
import type { ServingProcess } from "../support/server-process.ts";
import { createFolder, startProgram, startServing } from "../support/server-process.ts";
import type { ProcessLogin, ProcessSite, SentNote } from "../support/site-author.ts";
import { logInAt, searchAt, sendNote, setUpSite } from "../support/site-author.ts";

/** Kills in all, on each of the folders, which take them side by side. */
const ROUNDS = 200;
const FOLDERS = 2;
/** Clients that write at once. */
const WRITERS = 4;
/** Most notes that a server acknowledges before its end comes near. */
const MAX_NOTES_A_LIFE = 8;
/** How often a writer searches for what it has just written, so that kills come while notes are indexed, too. */
const SEARCHED = 0.3;
/** Latest moment of a kill after that, in milliseconds: every stage of a publication falls into it. */
const MAX_DELAY_MS = 15;
/** The same where no note is waited for: a first request loads what it needs. */
const MAX_FIRST_DELAY_MS = 300;

const WAYS = ["form", "json", "admin", "admin"] as const;

/** What one folder has gone through. */
type Story = {
  readonly site: ProcessSite;
  login: ProcessLogin;
  readonly random: () => number;
  /** Word that only this note has → note. */
  readonly acknowledged: Map<string, SentNote & { readonly location: string }>;
  readonly sent: Map<string, SentNote>;
  /** Forms that got no answer: a browser offers to send them again. */
  readonly unanswered: Map<number, [word: string, note: SentNote]>;
};

test("after 200 kills at random moments every acknowledged note is there whole, and none is there by half", async () => {
  const seed = Number(process.env.KILL_SEED ?? randomInt(2 ** 31));
  console.info(`KILL_SEED=${seed}`);
  const started = performance.now();

  const stories = await Promise.all(Array.from({ length: FOLDERS }, (_, index) => liveThrough(seed + index)));

  console.info(`${ROUNDS} rounds in ${Math.round((performance.now() - started) / 1000)} s`);
  for (const story of stories) await expectNothingLost(story, `KILL_SEED=${seed}`);
}, 900_000);

async function liveThrough(seed: number): Promise<Story> {
  const site = await setUpSite(createFolder());
  const first = await startServing(site.env.DATA_DIR ?? "", site.env);
  const login = await logInAt(first.port);
  const random = createRandom(seed);
  const story: Story = { site, login, random, acknowledged: new Map(), sent: new Map(), unanswered: new Map() };
  await writeUntilKilled(story, first);
  for (let round = 1; round < ROUNDS / FOLDERS; round += 1) {
    if (round % 20 === 0) await killAtStart(story);
    else await writeUntilKilled(story, await startServing(site.env.DATA_DIR ?? "", site.env));
  }
  return story;
}

/** Several clients write, one note after the other, until the server is gone. */
async function writeUntilKilled(story: Story, { child, exited, port }: ServingProcess): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  const life = Math.floor(story.random() * MAX_NOTES_A_LIFE);
  const killWithin = (limitMs: number) => setTimeout(() => child.kill("SIGKILL"), story.random() * limitMs);
  const before = story.acknowledged.size;
  const onAcknowledged = () => story.acknowledged.size === before + life && killWithin(MAX_DELAY_MS);
  if (life === 0) killWithin(MAX_FIRST_DELAY_MS);
  const writers = Array.from({ length: WRITERS }, (_, writer) => write(story, { writer, port, agent, onAcknowledged }));
  await Promise.all(writers);
  agent.destroy();
  expect((await exited).signal).toBe("SIGKILL");
}

async function killAtStart({ site, random }: Story): Promise<void> {
  const { child, exited } = startProgram({ words: ["serve"], env: { ...site.env, PORT: "0" } });
  setTimeout(() => child.kill("SIGKILL"), random() * 400);
  await exited;
}

type Desk = {
  readonly writer: number;
  readonly port: number;
  readonly agent: Agent;
  readonly onAcknowledged: () => void;
};

async function write(story: Story, { writer, port, agent, onAcknowledged }: Desk): Promise<void> {
  for (;;) {
    const [word, note] = story.unanswered.get(writer) ?? createNote(story, writer);
    story.sent.set(word, note);
    if (note.way === "admin") story.unanswered.set(writer, [word, note]);
    const answer = await sendNote({ port, agent, site: story.site, login: story.login }, note).catch(() => undefined);
    if (answer === undefined) return;
    expect(`${note.way} ${answer.status}`).toBe(`${note.way} ${note.way === "admin" ? 303 : 201}`);
    story.unanswered.delete(writer);
    story.acknowledged.set(word, { ...note, location: answer.location });
    onAcknowledged();
    if (story.random() < SEARCHED && !(await isFound({ port, agent }, word))) return;
  }
}

/** False when the server goes away; an answer shows the note. */
async function isFound(to: { readonly port: number; readonly agent: Agent }, word: string): Promise<boolean> {
  const page = await searchAt(to, word).catch(() => undefined);
  // One network may search 30 times at once.
  if (page === undefined || page.status === 429) return page !== undefined;
  expect([page.status, page.body.includes(`<mark>${word}</mark>`)], word).toEqual([200, true]);
  return true;
}

/**
 * Mostly a few lines, since a process that has just started takes long over its first code and its first long text,
 * which goes to a worker; both come often enough. The word stands at the beginning and at the end.
 */
function createNote({ random, sent }: Story, writer: number): [word: string, note: SentNote] {
  const word = `word${sent.size}x${Math.floor(random() * 1e9)}`;
  const lines = random() < 0.015 ? 600 : Math.floor(random() * 100);
  const code = random() < 0.1 ? "```js\nconst a = 1;\n```\n\n" : "";
  const content = `${word} #hash\n\n${"Some **text** with `code`.\n\n".repeat(lines)}${code}${word}`;
  const way = WAYS[writer % WAYS.length] ?? "form";
  return [word, { content, tags: [`tag${sent.size % 5}`, word], way, formKey: `key-${word}` }];
}

/** mulberry32: the same numbers for the same seed. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type FoundNote = {
  id: number;
  slug: string;
  content: string;
  html: string;
  text: string;
  tags: string;
  status: string;
};

async function expectNothingLost({ site, acknowledged, sent }: Story, seed: string): Promise<void> {
  const file = join(site.env.DATA_DIR ?? "", "starpunk.db");
  expect(query(file, "PRAGMA integrity_check"), seed).toEqual([{ integrity_check: "ok" }]);
  expect(query(file, "PRAGMA foreign_key_check"), seed).toEqual([]);
  await bringIndexUp(file);

  const found = query(
    file,
    `SELECT id, slug, content, content_html AS html, content_text AS text, status,
            (SELECT group_concat(tag, ' ') FROM (SELECT tag FROM note_tags WHERE note_id = notes.id ORDER BY tag)) AS tags
       FROM notes`,
  ) as FoundNote[];
  const byWord = new Map(found.map((note) => [note.content.split(" ")[0] ?? "", note]));
  // As many words as notes: no form that was sent again made a second one.
  expect(byWord.size, seed).toBe(found.length);
  expect(
    [...byWord.keys()].filter((word) => !sent.has(word)),
    seed,
  ).toEqual([]);
  expect(
    [...acknowledged.keys()].filter((word) => !byWord.has(word)),
    seed,
  ).toEqual([]);
  expect(
    [...byWord].filter(([word, note]) => !isWhole(sent.get(word), note, word)),
    seed,
  ).toEqual([]);
  expectTraces(file, found, seed);
  // Enough was written for all this to mean something.
  expect(acknowledged.size).toBeGreaterThan(ROUNDS / FOLDERS);
  expect(sent.size).toBeGreaterThan(acknowledged.size);
}

/** Indexes what waits, as a search would; the index agrees with itself before and after. */
async function bringIndexUp(file: string): Promise<void> {
  const check = () => tamper(file, "INSERT INTO note_search (note_search) VALUES ('integrity-check')");
  check();
  const db = Database.open({ file, readers: 1 });
  expect(findIndexPlace(db)).toBeGreaterThan(0);
  await indexNewNotes(db).finally(() => db.close());
  check();
}

function isWhole(note: SentNote | undefined, found: FoundNote, word: string): boolean {
  const tags = [...new Set([...(note?.tags ?? []), "hash"])].sort().join(" ");
  const shows = [found.html, found.text].every((shown) => shown.split(word).length === 3);
  return found.content === note?.content && found.tags === tags && found.status === "published" && shows;
}

/** Each note has its revision, its place in the search, its public change, and, if a form made it, the form's key. */
function expectTraces(file: string, found: readonly FoundNote[], seed: string): void {
  const rows = (sql: string) => query(file, sql) as Record<string, unknown>[];
  const ids = found.map(({ id }) => id).sort((one, other) => one - other);
  const whole = rows(
    `SELECT note_id AS id FROM note_revisions JOIN notes ON notes.id = note_id
      WHERE note_revisions.content = notes.content AND note_revisions.tags = notes.tags AND notes.version = 1 ORDER BY id`,
  );
  const searched = rows(
    `SELECT notes.id FROM notes
      WHERE EXISTS (SELECT 1 FROM note_search WHERE note_search MATCH substr(content, 1, instr(content, ' ') - 1)
                                                AND note_search.rowid = notes.id) ORDER BY notes.id`,
  );
  const told = rows(
    "SELECT DISTINCT CAST(substr(key, 6) AS INTEGER) AS id FROM public_changes WHERE key LIKE 'note:%' ORDER BY id",
  );
  const keyed = rows("SELECT count(*) AS forms FROM note_submissions JOIN notes ON notes.id = note_id");
  const byAdmin = rows("SELECT count(*) AS forms FROM notes WHERE made_by = 'admin'");
  for (const trace of [whole, searched, told])
    expect(
      trace.map(({ id }) => id),
      seed,
    ).toEqual(ids);
  expect(keyed, seed).toEqual(byAdmin);
}
