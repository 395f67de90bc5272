import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { askFor } from "../load/ask.ts";
import type { Plan } from "../plan.ts";
import type { Processes } from "../processes.ts";
import { splitFeed } from "../sets/feed-items.ts";
import type { NoteSet } from "../sets/note-sets.ts";
import { createRandom, sample } from "../sets/random.ts";
import { SEARCHED_WORDS } from "../sets/words.ts";
import type { PlainName, PlainStart } from "./plain-server.ts";
import { startPlainServer } from "./plain-server.ts";
import type { Server } from "./server.ts";
import type { Snapshot } from "./snapshot.ts";
import { takeSnapshot } from "./snapshot.ts";
import { copyDataDir, startStarpunk } from "./starpunk.ts";

/**
 * The product as it is shipped; the same behind a proxy, so that a search can come from anywhere; the same with all
 * notes in one feed; the same without metrics.
 */
export type StarpunkName =
  | "starpunk"
  | "starpunk behind a proxy"
  | "starpunk with all notes in its feed"
  | "starpunk without metrics";

/** Every server that can be measured. */
export type ServerName = StarpunkName | PlainName;

/** What a stage needs. */
export type StageOptions = {
  readonly processes: Processes;
  readonly core: number | undefined;
  readonly runFolder: string;
  readonly plan: Plan;
};

const STARPUNK_OPTIONS: Record<StarpunkName, Readonly<Record<string, string>>> = {
  starpunk: {},
  "starpunk behind a proxy": { TRUST_PROXY: "1" },
  "starpunk with all notes in its feed": { FEED_ITEMS: "all" },
  "starpunk without metrics": { METRICS_ENABLED: "false" },
};

/** Pages of hits that tell how many a full one has. */
const PROBED_SEARCHES = 5;

/** One set of notes with the servers that have it. Each is started when it is first asked for. */
export class Stage {
  readonly set: NoteSet;
  readonly #options: StageOptions;
  readonly #servers = new Map<ServerName, Promise<Server>>();
  #snapshot: Promise<Snapshot> | undefined;

  constructor(set: NoteSet, options: StageOptions) {
    this.set = set;
    this.#options = options;
  }

  /** A server with this set that answers. Throws what it said when it does not start. */
  server(name: ServerName): Promise<Server> {
    const known = this.#servers.get(name) ?? this.start(name);
    this.#servers.set(name, known);
    return known;
  }

  /** Starts one more server of this kind, which whoever asks for it stops. */
  async start(name: ServerName): Promise<Server> {
    if (isStarpunk(name)) {
      const { processes, core } = this.#options;
      const dataDir = copyDataDir(this.set.dataDir, this.dataDirOf(name));
      return startStarpunk({ processes, core, dataDir, env: STARPUNK_OPTIONS[name] });
    }
    return startPlainServer(await this.plainStart(name));
  }

  /** Where a product server of this stage keeps its data. */
  dataDirOf(name: StarpunkName): string {
    return join(this.#options.runFolder, `${this.set.name}-${name.replaceAll(" ", "-")}`);
  }

  /** What the product answers: home, feed, and the permalinks that are asked for. */
  snapshot(): Promise<Snapshot> {
    this.#snapshot ??= this.server("starpunk").then(({ origin }) => {
      const file = join(this.#options.runFolder, `snapshot-${this.set.name}`);
      return takeSnapshot(origin, ["/", "/feed.xml", ...this.permalinks()], file);
    });
    return this.#snapshot;
  }

  /** Paths of the notes that are asked for: as many as the plan says, chosen at random, always the same ones. */
  permalinks(): string[] {
    const { slugs } = this.set;
    return sample(createRandom(7), slugs, this.#options.plan.permalinks).map(toPath);
  }

  /** Paths of the searches. */
  searches(): string[] {
    return SEARCHED_WORDS.map((word) => `/search?q=${word}`);
  }

  /** How a plain server of this stage is started. */
  async plainStart(name: PlainName): Promise<PlainStart> {
    const { processes, core, runFolder } = this.#options;
    const start = { processes, core, name };
    if (name === "bare-http" || name === "bare-express" || name === "bare-hot") {
      return { ...start, options: { snapshot: (await this.snapshot()).file } };
    }
    if (name === "raw-commit") {
      const file = join(runFolder, `raw-${this.set.name}.db`);
      cpSync(this.set.bareFile, file);
      return { ...start, options: { file } };
    }
    const { origin } = await this.server("starpunk");
    const { head, tail } = splitFeed((await askFor(200, `${origin}/feed.xml`)).body.toString());
    return { ...start, options: { file: this.set.bareFile, hits: await this.#hits(origin), head, tail } };
  }

  /** Stops every server, and removes what they wrote. */
  async close(): Promise<void> {
    const servers = await Promise.allSettled([...this.#servers.values()]);
    await Promise.all(servers.map((server) => (server.status === "fulfilled" ? server.value.stop() : undefined)));
    this.#servers.clear();
    for (const name of Object.keys(STARPUNK_OPTIONS) as StarpunkName[]) {
      rmSync(this.dataDirOf(name), { recursive: true, force: true });
    }
  }

  /** How many hits the product's page of them has, so that the others give as many. */
  async #hits(origin: string): Promise<number> {
    let most = 1;
    for (const path of this.searches().slice(0, PROBED_SEARCHES)) {
      const page = (await askFor(200, origin + path)).body.toString();
      most = Math.max(most, page.split("<article").length - 1);
    }
    return most;
  }
}

function isStarpunk(name: ServerName): name is StarpunkName {
  return name in STARPUNK_OPTIONS;
}

function toPath(slug: string): string {
  return `/notes/${encodeURIComponent(slug)}`;
}
