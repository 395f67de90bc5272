import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { askFor } from "../load/ask.ts";
import { CORPUS } from "../plan.ts";
import type { Processes } from "../processes.ts";
import { copyDataDir, startStarpunk } from "../servers/starpunk.ts";
import { readBareDatabase, writeBareDatabase } from "./bare-database.ts";
import { readAllItems, splitFeed } from "./feed-items.ts";
import { folderKey, setKey } from "./set-key.ts";
import { writeGeneratedSet, writeImportedSet } from "./write-set.ts";

/** A site with notes, as it is before anything is measured. Nothing changes it: servers get copies. */
export type NoteSet = {
  /** Number of generated notes as a text, or CORPUS. */
  readonly name: string;
  /** DATA_DIR of the product. */
  readonly dataDir: string;
  /** Database of the plain servers. */
  readonly bareFile: string;
  /** Bearer token that may publish. */
  readonly token: string;
  /** Slugs of the listed notes, oldest first. */
  readonly slugs: readonly string[];
};

/** What the sets are made with. */
export type SetsOptions = {
  readonly processes: Processes;
  /** Folder that keeps sets between runs. */
  readonly cache: string;
  /** Folder for what is thrown away after the run. */
  readonly runFolder: string;
  /** Folder of real notes; undefined: there is none. */
  readonly corpus: string | undefined;
  readonly say: (line: string) => void;
};

/** The sets of notes of a run: each is made when it is first asked for, or taken from an earlier run. */
export class NoteSets {
  readonly #options: SetsOptions;
  readonly #sets = new Map<string, Promise<NoteSet>>();

  constructor(options: SetsOptions) {
    this.#options = options;
  }

  /** The set with this name: a number of notes, or CORPUS. Throws when it cannot be made. */
  find(name: string): Promise<NoteSet> {
    const known = this.#sets.get(name) ?? this.#prepare(name);
    this.#sets.set(name, known);
    return known;
  }

  async #prepare(name: string): Promise<NoteSet> {
    const folder = await this.#make(name);
    const dataDir = join(folder, "data");
    const bareFile = join(folder, "bare.db");
    await this.#makeBareDatabase({ name, dataDir, bareFile });
    const token = readFileSync(join(folder, "token"), "utf8");
    return { name, dataDir, bareFile, token, slugs: readBareDatabase(bareFile).slugs };
  }

  async #make(name: string): Promise<string> {
    const { cache, corpus, runFolder, say } = this.#options;
    const parent = join(cache, `sets-${setKey()}`);
    removeOthers(cache, parent);
    if (name === CORPUS && corpus === undefined) throw new Error("There is no folder of real notes: set CORPUS_DIR.");
    const folder = join(parent, name === CORPUS ? `${CORPUS}-${folderKey(corpus ?? "")}` : name);
    if (existsSync(folder)) return folder;

    say(`making the set of ${name === CORPUS ? "real notes" : `${name} notes`}`);
    const unfinished = join(runFolder, `set-${name}`);
    const dataDir = join(unfinished, "data");
    const token =
      name === CORPUS
        ? await writeImportedSet(dataDir, corpus ?? "")
        : await writeGeneratedSet(dataDir, Number(name), (done) => say(`${done} of ${name} notes`));
    writeFileSync(join(unfinished, "token"), token, { mode: 0o600 });
    rmSync(join(dataDir, "logs"), { recursive: true, force: true });
    mkdirSync(parent, { recursive: true });
    renameSync(unfinished, folder);
    return folder;
  }

  /** The feed may be written differently since: its newest page tells. */
  async #makeBareDatabase({ name, dataDir, bareFile }: Pick<NoteSet, "name" | "dataDir" | "bareFile">): Promise<void> {
    const { processes, runFolder, say } = this.#options;
    const copy = copyDataDir(dataDir, join(runFolder, `feed-${name}`));
    const env = { FEED_ITEMS: "200" };
    const server = await startStarpunk({ processes, core: undefined, dataDir: copy, env });
    try {
      const newest = splitFeed((await askFor(200, `${server.origin}/feed.xml`)).body.toString());
      if (existsSync(bareFile) && isSame(readBareDatabase(bareFile).newestItems, newest.items)) return;
      say(`giving the plain servers the set ${name}`);
      const items = await readAllItems(server.origin);
      writeBareDatabase(bareFile, { productFile: join(dataDir, "starpunk.db"), items });
    } finally {
      await server.stop();
      rmSync(copy, { recursive: true, force: true });
    }
  }
}

/** Sets of another schema or generator are worth nothing any more. */
function removeOthers(cache: string, kept: string): void {
  if (!existsSync(cache)) return;
  for (const name of readdirSync(cache)) {
    const folder = join(cache, name);
    if (name.startsWith("sets-") && folder !== kept) rmSync(folder, { recursive: true, force: true });
  }
}

/** Each item says its note's uid and all of its text, so a few tell of the rest. */
function isSame(some: readonly string[], all: readonly string[]): boolean {
  return some.length > 0 && some.every((item, index) => item === all[index]);
}
