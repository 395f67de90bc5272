import SQLite from "better-sqlite3";
import type { MeasureStatement } from "./measure-statement.ts";
import { callerName } from "./statement-name.ts";

/** Named parameters of a statement, without their colon. `undefined` becomes NULL; booleans and dates are refused. */
export type Params = Readonly<Record<string, unknown>>;

/** Whatever can be read from: the database itself, or one moment of it (see `Database.lease`). */
export type Reader = {
  /** The first row, or undefined. */
  get<Row>(sql: string, params?: Params): Row | undefined;
  all<Row>(sql: string, params?: Params): Row[];
};

/** What a statement changed. `lastInsertRowid` is only right after an INSERT into a table with a rowid. */
export type Changes = { changes: number; lastInsertRowid: number };

/** How a connection is opened. */
export type ConnectionOptions = {
  readonly file: string;
  readonly readonly: boolean;
  /** How long SQLite may block this thread for a lock, in milliseconds. */
  readonly busyTimeoutMs: number;
  readonly measure?: MeasureStatement | undefined;
};

/** A compiled statement, with what is said of its runs. */
type Statement = {
  readonly compiled: SQLite.Statement;
  readonly name: string;
  /** Not so for what is the database's own: pragmas, of which one runs in every turn of the event loop, plans, counts, moments. */
  readonly isMeasured: boolean;
};

// Every connection of this process, the closed ones too, with its statements: under Node 24 better-sqlite3 12
// aborts the process when one of them is garbage-collected.
const everOpened = new Set<Connection>();

// Through exec, since the pragma method would make a statement that nobody keeps.
// The cache in KiB: SQLite's 16 MB would fill, and stay, as soon as all notes were read once.
const COMMON_PRAGMAS = "PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -2000;";
const WRITER_PRAGMAS = "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA journal_size_limit = 67108864;";

/** One connection to an existing file, with its compiled statements, each kept for the life of the process. */
export class Connection implements Reader {
  readonly #sqlite: SQLite.Database;
  readonly #statements = new Map<string, Statement>();
  readonly #measure: MeasureStatement | undefined;
  #translate: (error: unknown) => unknown = (error) => error;
  #dataVersion: SQLite.Statement | undefined;

  /** Throws SqliteError, for instance with the code SQLITE_CANTOPEN. */
  constructor(options: ConnectionOptions) {
    const { file, readonly, busyTimeoutMs, measure } = options;
    this.#measure = measure;
    this.#sqlite = new SQLite(file, { readonly, timeout: busyTimeoutMs, fileMustExist: true });
    everOpened.add(this);
    try {
      this.#sqlite.exec(readonly ? COMMON_PRAGMAS : COMMON_PRAGMAS + WRITER_PRAGMAS);
    } catch (error) {
      this.#sqlite.close();
      throw error;
    }
  }

  /** Whether a transaction is open. SQLite itself ends one after some failures, a full disk for instance. */
  get inTransaction(): boolean {
    return this.#sqlite.inTransaction;
  }

  get<Row>(sql: string, params?: Params): Row | undefined {
    return this.#run("get", sql, params) as Row | undefined;
  }

  all<Row>(sql: string, params?: Params): Row[] {
    return this.#run("all", sql, params) as Row[];
  }

  run(sql: string, params?: Params): Changes {
    const { changes, lastInsertRowid } = this.#run("run", sql, params) as SQLite.RunResult;
    return { changes, lastInsertRowid: Number(lastInsertRowid) };
  }

  /** See `Database.dataVersion`: asked for in every turn of the event loop, so it has a short way of its own. */
  dataVersion(): number {
    this.#dataVersion ??= this.#statement("PRAGMA data_version").compiled.pluck();
    return this.#dataVersion.get() as number;
  }

  /** See `Database.moment`. Inside another one it is part of that. */
  moment<T>(read: () => T): T {
    if (this.#sqlite.inTransaction) return read();
    this.#statement("BEGIN").compiled.run();
    try {
      return read();
    } finally {
      // SQLite itself ends it after some failures.
      if (this.#sqlite.inTransaction) this.#statement("COMMIT").compiled.run();
    }
  }

  /** From now on `translate` says what is thrown instead of a failure of SQLite. */
  translateFailures(translate: (error: unknown) => unknown): void {
    this.#translate = translate;
  }

  /** How SQLite would run a statement, a line for each step. It is not run, and whatever it does nothing changes. */
  explain(sql: string): string[] {
    const names = [...sql.matchAll(/:(\w+)/g)].map(([, name = ""]) => [name, null]);
    return this.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, Object.fromEntries(names)).map(
      ({ detail }) => detail,
    );
  }

  /** Runs a script of any number of statements that return nothing. */
  exec(script: string): void {
    try {
      this.#sqlite.exec(script);
    } catch (error) {
      throw this.#translate(error);
    }
  }

  /** Closes the file; a second time does nothing. The last writer to close folds the -wal file into the database. */
  close(): void {
    this.#sqlite.close();
  }

  // Without a function made for each call: there are a dozen on the way to a page, and more to a note that is published.
  #run(how: How, sql: string, params: Params | undefined): unknown {
    try {
      const statement = this.#statement(sql);
      if (this.#measure === undefined || !statement.isMeasured) return execute(statement.compiled, how, params);
      return this.#measured(statement, how, { sql, params, measure: this.#measure });
    } catch (error) {
      throw this.#translate(error);
    }
  }

  #measured({ compiled, name }: Statement, how: How, { sql, params, measure }: Measured): unknown {
    const startedAt = performance.now();
    const kind = how === "run" ? "write" : "read";
    let rows = 0;
    let isFailed = true;
    try {
      const value = execute(compiled, how, params);
      rows = countRows(how, value);
      isFailed = false;
      return value;
    } finally {
      measure({ name, kind, durationMs: performance.now() - startedAt, rows, isFailed, sql });
    }
  }

  #statement(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;

    const statement = {
      compiled: this.#sqlite.prepare(sql),
      name: callerName(),
      isMeasured: !/^(?:PRAGMA|EXPLAIN|BEGIN|COMMIT)\b|\bsqlite_stat1\b/.test(sql),
    };
    this.#statements.set(sql, statement);
    return statement;
  }
}

/** What is asked of a statement: its first row, all of them, or a change. */
type How = "get" | "all" | "run";

type Measured = { readonly sql: string; readonly params: Params | undefined; readonly measure: MeasureStatement };

function execute(statement: SQLite.Statement, how: How, params: Params | undefined): unknown {
  if (how === "get") return params === undefined ? statement.get() : statement.get(params);
  if (how === "all") return params === undefined ? statement.all() : statement.all(params);
  return params === undefined ? statement.run() : statement.run(params);
}

function countRows(how: How, value: unknown): number {
  if (how === "get") return value === undefined ? 0 : 1;
  return how === "all" ? (value as unknown[]).length : (value as SQLite.RunResult).changes;
}

/** The code of a failure of SQLite (`SQLITE_BUSY`, `SQLITE_FULL`, …); undefined for any other error. */
export function sqliteCode(error: unknown): string | undefined {
  return error instanceof SQLite.SqliteError ? error.code : undefined;
}

/** Whether the failure means that another connection holds the lock, so that trying again may help. */
export function isLocked(error: unknown): boolean {
  const code = sqliteCode(error);
  return code !== undefined && (code.startsWith("SQLITE_BUSY") || code === "SQLITE_PROTOCOL");
}
