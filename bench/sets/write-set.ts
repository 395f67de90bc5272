import { mkdirSync } from "node:fs";
import { setUp } from "../../src/auth/set-up.ts";
import { createToken } from "../../src/auth/tokens.ts";
import { importFolder } from "../../src/backup/import-folder.ts";
import { withContext } from "../../src/cli/open-context.ts";
import type { Context } from "../../src/context/context.ts";
import type { Timestamp } from "../../src/lib/clock.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { digestNotes, isAnyDue } from "../../src/search/digest-notes.ts";
import { indexNewNotes } from "../../src/search/search-index.ts";
import { changeSettings } from "../../src/site/change-settings.ts";
import { SITE_URL } from "../servers/starpunk.ts";
import { generateNote } from "./generate-note.ts";

const CLIENT = "https://bench.example/";
const PASSWORD = "measured and never used again";
const TELL_EVERY = 5_000;

/** Told how many notes are written. */
export type OnProgress = (done: number) => void;

/** Writes the first `count` generated notes into a new DATA_DIR, each by the operation that every client's note takes. */
export function writeGeneratedSet(dataDir: string, count: number, onProgress: OnProgress = () => {}): Promise<string> {
  return writeSet(dataDir, async (ctx) => {
    for (let index = 0; index < count; index += 1) {
      const { publishedAt, ...written } = generateNote(index);
      const at = publishedAt as Timestamp;
      await publishNote({ ...ctx, clock: () => at }, { ...written, publishedAt: at }, { madeBy: CLIENT });
      if ((index + 1) % TELL_EVERY === 0) onProgress(index + 1);
    }
    await relateToNeighbours(ctx);
  });
}

/** Imports a folder of Markdown files into a new DATA_DIR. */
export function writeImportedSet(dataDir: string, folder: string): Promise<string> {
  return writeSet(dataDir, async (ctx) => {
    await importFolder(ctx, folder, { overwrite: false, dryRun: false });
    while (isAnyDue(ctx.db)) await digestNotes(ctx);
  });
}

/**
 * What is measured is a site that has come to rest: the program would look at the words of each note beside the first
 * requests, for three quarters of an hour. Generated words relate nothing, so each note is related to those before it.
 */
function relateToNeighbours(ctx: Context): Promise<void> {
  return ctx.db.write(() => {
    ctx.db.run(
      `INSERT INTO note_digests (note_id, words, related, found_at)
       SELECT id, 50, json_array(id - 1, id - 2, id - 3), :now FROM notes WHERE id > 3`,
      { now: ctx.clock() },
    );
    ctx.db.run("UPDATE digests_seen SET note_id = (SELECT max(id) FROM notes)");
  });
}

/** Sets a site up and fills it; resolves with a token that may publish. Images elsewhere stay links: nothing goes out. */
async function writeSet(dataDir: string, fill: (ctx: Context) => Promise<void>): Promise<string> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  return withContext({ DATA_DIR: dataDir, SITE_URL, LOG_LEVEL: "silent" }, async (ctx) => {
    const author = { name: "Ada Bench", siteTitle: "Measured notes", password: PASSWORD, timeZone: "UTC" };
    await setUp(ctx, author, "headless");
    await changeSettings(ctx, { remoteImages: "link" });
    await fill(ctx);
    await indexNewNotes(ctx.db);
    const { token } = await createToken(ctx, { scope: "create update delete undelete", clientId: CLIENT });
    return token;
  });
}
