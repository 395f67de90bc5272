import SQLite from "better-sqlite3";
import type { MeasureStatement, StatementRun } from "./measure-statement.ts";
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
  /** Not so for what is the database's own: pragmas, of which one runs in every turn of the event loop, plans, moments. */
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
    return this.#run(
      sql,
      { kind: "read", rows: (row: Row | undefined) => (row === undefined ? 0 : 1) },
      (statement) => {
        return (params === undefined ? statement.get() : statement.get(params)) as Row | undefined;
      },
    );
  }

  all<Row>(sql: string, params?: Params): Row[] {
    return this.#run(sql, { kind: "read", rows: (rows: Row[]) => rows.length }, (statement) => {
      return (params === undefined ? statement.all() : statement.all(params)) as Row[];
    });
  }

  run(sql: string, params?: Params): Changes {
    return this.#run(sql, { kind: "write", rows: ({ changes }: Changes) => changes }, (statement) => {
      const { changes, lastInsertRowid } = params === undefined ? statement.run() : statement.run(params);
      return { changes, lastInsertRowid: Number(lastInsertRowid) };
    });
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

  #run<T>(
    sql: string,
    how: { kind: StatementRun["kind"]; rows: (value: T) => number },
    run: (statement: SQLite.Statement) => T,
  ): T {
    try {
      return this.#measured(sql, how, run);
    } catch (error) {
      throw this.#translate(error);
    }
  }

  #measured<T>(
    sql: string,
    how: { kind: StatementRun["kind"]; rows: (value: T) => number },
    run: (statement: SQLite.Statement) => T,
  ): T {
    const { compiled, name, isMeasured } = this.#statement(sql);
    if (this.#measure === undefined || !isMeasured) return run(compiled);
    const startedAt = performance.now();
    let rows = 0;
    let isFailed = true;
    try {
      const value = run(compiled);
      rows = how.rows(value);
      isFailed = false;
      return value;
    } finally {
      this.#measure({ name, kind: how.kind, durationMs: performance.now() - startedAt, rows, isFailed, sql });
    }
  }

  #statement(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;

    const statement = {
      compiled: this.#sqlite.prepare(sql),
      name: callerName(),
      isMeasured: !/^(?:PRAGMA|EXPLAIN|BEGIN|COMMIT)\b/.test(sql),
    };
    this.#statements.set(sql, statement);
    return statement;
  }
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
