import type { CheckpointLimits } from "./checkpointer.ts";
import { CHECKPOINT_PAGES, CHECKPOINT_PAGES_MAX } from "./checkpointer.ts";
import type { Changes, Connection, Params, Reader } from "./connection.ts";
import { isLocked } from "./connection.ts";
import type { OnDamage } from "./damage.ts";
import { DamageWatch, isIndexFailure } from "./damage.ts";
import type { LeaseStatistics } from "./lease-pool.ts";
import { LEASE_LIFETIME_MS, LEASE_WAIT_MS, LeasePool } from "./lease-pool.ts";
import type { MeasureStatement } from "./measure-statement.ts";
import { openExisting } from "./open-existing.ts";
import type { ExplainedStatement, SlowOptions } from "./slow-statements.ts";
import { SlowStatements } from "./slow-statements.ts";
import { forgetSmallTablesIfPossible } from "./statistics.ts";
import { closedDatabase } from "./write-error.ts";
import { LOCK_TRY_MS, LOCK_WAIT_MS, Writer } from "./writer.ts";

/** How long a read may hold up this thread for a lock. Only recovery after a crash makes readers wait at all. */
export const READ_WAIT_MS = 1_000;

/** Limits that a test makes smaller. */
export type DatabaseLimits = CheckpointLimits & {
  /** How long a write waits for the lock in all, in milliseconds. */
  readonly lockWaitMs: number;
  /** How long `lease` waits for a free connection, in milliseconds. */
  readonly leaseWaitMs: number;
  /** How long a lease may last, in milliseconds. */
  readonly leaseLifetimeMs: number;
};

/** What is opened, and how widely. */
export type DatabaseOptions = {
  /** Must exist and be migrated. */
  readonly file: string;
  /** How many leases there may be at once; each has a connection of its own, opened when first needed. */
  readonly readers: number;
  readonly limits?: Partial<DatabaseLimits>;
  /** Hears of every statement, commit and wait for the lock. */
  readonly measure?: MeasureStatement;
  /** Which of the statements that `measure` hears of are remembered as slow; without it none is. */
  readonly slow?: SlowOptions;
  /** Hears of a damaged page when one is first met. */
  readonly onDamage?: OnDamage;
};

type Opened = {
  readonly reader: Connection;
  readonly writer: Connection;
  readonly openReader: () => Connection;
  readonly damage: DamageWatch;
  readonly slow: SlowStatements | undefined;
};

const DEFAULT_LIMITS: DatabaseLimits = {
  lockWaitMs: LOCK_WAIT_MS,
  leaseWaitMs: LEASE_WAIT_MS,
  leaseLifetimeMs: LEASE_LIFETIME_MS,
  checkpointPages: CHECKPOINT_PAGES,
  checkpointPagesMax: CHECKPOINT_PAGES_MAX,
};

/**
 * Where the index of words is missing, no statement compiles whose trigger names it, marked or not: an empty one takes its
 * place, as migration 006 makes it.
 */
const EMPTY_INDEX = `CREATE VIRTUAL TABLE IF NOT EXISTS note_search USING fts5 (
  title, text, tags, characters,
  content = '', contentless_delete = 1,
  tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co M*'"
)`;

/** The database: one connection that writes, one that all short reads share, and a few that are leased. */
export class Database implements Reader {
  readonly #reader: Connection;
  readonly #writer: Writer;
  readonly #leases: LeasePool;
  readonly #slow: SlowStatements | undefined;
  readonly #file: string;
  readonly #remembered = new Map<unknown, unknown>();
  #rememberedVersion = 0;
  #isClosed = false;

  /** Opens a migrated file. Throws DatabaseError when it is missing, damaged, or cannot be written. */
  static open(options: DatabaseOptions): Database {
    const { file, onDamage } = options;
    const slow = options.slow && new SlowStatements(options.slow);
    const measure = options.measure && (slow?.watch(options.measure) ?? options.measure);
    const damage = new DamageWatch(file, onDamage);
    const openConnection = (how: { readonly: boolean; busyTimeoutMs: number }) => {
      const connection = openExisting({ file, measure, ...how });
      // Not before: what is damaged at the start ends it.
      connection.translateFailures((error) => damage.translate(error));
      return connection;
    };
    const openReader = () => openConnection({ readonly: true, busyTimeoutMs: READ_WAIT_MS });
    // The reader first: it may wait longer, and once it is there no other process can be the last one and clean up.
    let reader = openReader();
    try {
      const writer = openConnection({ readonly: false, busyTimeoutMs: LOCK_TRY_MS });
      if (forgetSmallTablesIfPossible(writer)) {
        reader.close();
        reader = openReader();
      }
      return new Database({ reader, writer, openReader, damage, slow }, measure ? { ...options, measure } : options);
    } catch (error) {
      reader.close();
      throw error;
    }
  }

  private constructor({ reader, writer, openReader, damage, slow }: Opened, options: DatabaseOptions) {
    const { file, readers, measure } = options;
    const limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#file = file;
    this.#reader = reader;
    this.#slow = slow;
    this.#writer = new Writer({ connection: writer, file, limits, damage, measure });
    this.#leases = new LeasePool({
      open: openReader,
      size: readers,
      waitMs: limits.leaseWaitMs,
      lifetimeMs: limits.leaseLifetimeMs,
    });
  }

  /** The first row, as of now; inside `write` it sees that transaction's own changes. */
  get<Row>(sql: string, params?: Params): Row | undefined {
    return this.#current().get<Row>(sql, params);
  }

  /** All rows, as of now; inside `write` it sees that transaction's own changes. */
  all<Row>(sql: string, params?: Params): Row[] {
    return this.#current().all<Row>(sql, params);
  }

  /**
   * What `read` finds, kept until anything is committed by any process: for what every page needs and hardly ever changes.
   * It is kept under the function itself, so that must be the same one each time, and what it returns may not be changed.
   * Inside `write` it is asked anew.
   */
  remember<T>(read: (db: Database) => T): T {
    if (this.#writer.current !== undefined) return read(this);
    const version = this.dataVersion();
    if (version !== this.#rememberedVersion) this.#remembered.clear();
    this.#rememberedVersion = version;
    if (!this.#remembered.has(read)) this.#remembered.set(read, read(this));
    return this.#remembered.get(read) as T;
  }

  /**
   * Runs `read`, all of whose statements see the database as it is at one moment; and each of them without the locks that
   * it would otherwise take and release, which cost more than to find a row. Inside `write` it is part of that
   * transaction. `read` may not return a promise: see `lease`.
   */
  moment<T>(read: () => T): T {
    if (this.#isClosed) throw closedDatabase();
    return this.#writer.current === undefined ? this.#reader.moment(read) : read();
  }

  /**
   * As `moment`, for what somebody looks up who is about to write: on the connection that writes, which has at hand what it
   * wrote itself. That of the readers reads every page anew after each commit.
   */
  lookAhead<T>(read: () => T): T {
    if (this.#isClosed) throw closedDatabase();
    try {
      return this.#writer.lookAhead(read);
    } catch (error) {
      if (!isLocked(error)) throw error;
      return this.moment(read); // Which waits for longer.
    }
  }

  /** Changes rows. Only inside `write`. */
  run(sql: string, params?: Params): Changes {
    return this.#writer.run(sql, params);
  }

  /**
   * Runs `fn` in one transaction, and resolves with its value once that is safe on the disk. Waits up to 5 s for the
   * lock, of which it holds up the thread for 50 ms at a time. Writes of one process run in the order of their calls.
   * Rejects with `fn`'s own error, nothing changed; with `unavailable` when the lock was not to be had or the file is
   * read-only; with `storage_full` when the disk is. `fn` may not return a promise, nor call `write`. It runs a second
   * time, without the index of words, where that turns out to be damaged.
   */
  write<T>(fn: () => T): Promise<T> {
    return this.#writer.write(fn).catch((error: unknown) => {
      if (!isIndexFailure(error)) throw error;
      return this.#writeWithoutIndex(fn);
    });
  }

  /**
   * Gives `fn` a reader that sees the database as it was at one moment, over all its awaits. Waits 5 s for a free
   * connection, then rejects with `unavailable`. After two minutes the reader refuses to answer, with `unavailable`
   * too: as long as it lasts, the -wal file cannot start over. Only a command that ends with it may ask for longer.
   */
  lease<T>(fn: (reader: Reader) => Promise<T>, lifetimeMs?: number): Promise<T> {
    return this.#leases.lease(fn, lifetimeMs);
  }

  /** How the leases are used. */
  leaseStatistics(): LeaseStatistics {
    return this.#leases.statistics();
  }

  /** Statements of this process that were slow, with how SQLite runs them, as of now; the slowest first. */
  slowStatements(): ExplainedStatement[] {
    const statements = this.#slow?.list() ?? [];
    return statements.map((statement) => ({ ...statement, plan: this.#reader.explain(statement.text) }));
  }

  /** Path of the database file. */
  get file(): string {
    return this.#file;
  }

  /** A number that differs from the last one when anything was committed in between, by any process. */
  dataVersion(): number {
    if (this.#isClosed) throw closedDatabase();
    // Always of the same connection: each counts for itself.
    return this.#reader.dataVersion();
  }

  /** Closes every connection; leases and writes that still wait are refused. A second time does nothing. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#leases.close();
    this.#reader.close();
    this.#writer.close();
  }

  /** The triggers of the schema leave an index alone that is marked. What fails all the same fails as it did. */
  async #writeWithoutIndex<T>(fn: () => T): Promise<T> {
    await this.#writer.write(() => {
      this.#writer.run(EMPTY_INDEX);
      this.#writer.run(
        `INSERT INTO search_index_damage (found_at)
         SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE NOT EXISTS (SELECT 1 FROM search_index_damage)`,
      );
    });
    return this.#writer.write(fn);
  }

  #current(): Reader {
    if (this.#isClosed) throw closedDatabase();
    return this.#writer.current ?? this.#reader;
  }
}
