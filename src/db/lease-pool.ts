import { AppError } from "../lib/errors.ts";
import type { Connection, Params, Reader } from "./connection.ts";
import { closedDatabase, RETRY_AFTER_SECONDS } from "./write-error.ts";

/** How long a lease waits for a free connection. */
export const LEASE_WAIT_MS = 5_000;

/** How long a lease may last. */
export const LEASE_LIFETIME_MS = 120_000;

/** Where connections come from, and how long they are given away. Times in milliseconds. */
export type LeasePoolOptions = {
  readonly open: () => Connection;
  /** How many leases there may be at once. */
  readonly size: number;
  readonly waitMs: number;
  readonly lifetimeMs: number;
};

/** How the connections for leases are used: `size` may be open, `active` and `idle` are. */
export type LeaseStatistics = {
  readonly size: number;
  readonly active: number;
  readonly idle: number;
  /** How many wait for a connection now. */
  readonly waiting: number;
  /** How many have waited in vain since the start. */
  readonly timeouts: number;
};

type Waiter = { readonly grant: (connection: Connection) => void; readonly refuse: (error: Error) => void };

/** Hands out connections that each see one moment of the database for as long as they are held. */
export class LeasePool {
  readonly #options: LeasePoolOptions;
  readonly #idle: Connection[] = [];
  readonly #leases = new Set<Lease>();
  readonly #waiters = new Set<Waiter>();
  #opened = 0;
  #timeouts = 0;
  #isClosed = false;

  constructor(options: LeasePoolOptions) {
    this.#options = options;
  }

  /** See `Database.lease`. */
  async lease<T>(fn: (reader: Reader) => Promise<T>, lifetimeMs: number = this.#options.lifetimeMs): Promise<T> {
    const lease = await this.#take();
    lease.expireAfter(lifetimeMs, () => this.#end(lease, expiredLease()));
    try {
      return await fn(lease);
    } finally {
      this.#end(lease, endedLease());
    }
  }

  statistics(): LeaseStatistics {
    return {
      size: this.#options.size,
      active: this.#leases.size,
      idle: this.#idle.length,
      waiting: this.#waiters.size,
      timeouts: this.#timeouts,
    };
  }

  /** Ends every lease, refuses whoever waits, and closes the connections. */
  close(): void {
    this.#isClosed = true;
    for (const waiter of this.#waiters) waiter.refuse(closedDatabase());
    for (const lease of this.#leases) this.#end(lease, closedDatabase());
    for (const connection of this.#idle) connection.close();
  }

  async #take(): Promise<Lease> {
    if (this.#isClosed) throw closedDatabase();
    const idle = this.#idle.pop();
    if (idle !== undefined) return this.#start(idle);
    if (this.#opened >= this.#options.size) return this.#wait();

    const connection = this.#options.open();
    this.#opened += 1;
    return this.#start(connection);
  }

  #wait(): Promise<Lease> {
    return new Promise((resolve, reject) => {
      const settle = (answer: () => void): void => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
        answer();
      };
      const waiter: Waiter = {
        grant: (connection) => settle(() => resolve(this.#start(connection))),
        refuse: (error) => settle(() => reject(error)),
      };
      const timer = setTimeout(() => {
        this.#timeouts += 1;
        waiter.refuse(noFreeLease());
      }, this.#options.waitMs);
      this.#waiters.add(waiter);
    });
  }

  // At once, so that a connection is idle or leased at any moment, and close() misses none.
  #start(connection: Connection): Lease {
    const lease = new Lease(connection);
    this.#leases.add(lease);
    lease.begin();
    return lease;
  }

  #end(lease: Lease, reason: Error): void {
    if (!this.#leases.delete(lease)) return;
    const connection = lease.end(reason);
    const [next] = this.#waiters;
    if (next !== undefined) next.grant(connection);
    else this.#idle.push(connection);
  }
}

/** One moment of the database, until it ends. */
class Lease implements Reader {
  readonly #connection: Connection;
  #expiry: NodeJS.Timeout | undefined;
  #ended: Error | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Fixes the moment. A failure to do so is told to whoever reads. */
  begin(): void {
    try {
      this.#connection.exec("BEGIN");
      // A transaction sees the moment of its first read, not that of its BEGIN.
      this.#connection.get("SELECT count(*) FROM sqlite_schema");
    } catch (error) {
      this.#ended = error instanceof Error ? error : new Error(String(error));
    }
  }

  /** Calls `end` when it has lasted for so long. */
  expireAfter(lifetimeMs: number, end: () => void): void {
    this.#expiry = setTimeout(end, lifetimeMs).unref();
  }

  get<Row>(sql: string, params?: Params): Row | undefined {
    return this.#open().get<Row>(sql, params);
  }

  all<Row>(sql: string, params?: Params): Row[] {
    return this.#open().all<Row>(sql, params);
  }

  /** Gives the connection back, free of its transaction. */
  end(reason: Error): Connection {
    clearTimeout(this.#expiry);
    this.#ended ??= reason;
    if (this.#connection.inTransaction) this.#connection.exec("ROLLBACK");
    return this.#connection;
  }

  #open(): Connection {
    if (this.#ended !== undefined) throw this.#ended;
    return this.#connection;
  }
}

function noFreeLease(): AppError {
  return new AppError("unavailable", "All connections for long reads are in use: try again in a moment.", {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

function expiredLease(): AppError {
  return new AppError("unavailable", "This took longer than a reading of the database may last: try again.");
}

function endedLease(): Error {
  return new Error("The reader of lease() was used after its function had ended");
}
