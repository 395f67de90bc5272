import { AppError } from "../lib/errors.ts";
import { sqliteCode } from "./connection.ts";
import { DatabaseError } from "./database-error.ts";

/** Codes of SQLite for pages that cannot be what was written. An index of words that disagrees is not among them. */
const DAMAGE = /^SQLITE_(CORRUPT(?!_VTAB)|NOTADB|IOERR_(READ|SHORT_READ|CORRUPTFS|DATA)$)/;

/**
 * The index of words does not read as it should: the notes are whole, and it can be made anew from them. A count in it that
 * is broken may ask for more memory than SQLite ever gives; where memory gives out in truth, the system ends the process.
 */
const INDEX_DAMAGE = /^SQLITE_(?:CORRUPT_VTAB|NOMEM)$/;

/**
 * The same where the index writes what it held back, at another statement or at the commit, and has a key twice: of our own
 * keys SQLite names table and column.
 */
const INDEX_REFUSES = "constraint failed";

/** What SQLite says where the index of words, or full-text search itself, is missing. */
const INDEX_MISSING =
  /no such module: fts5|no such table: (?:main\.)?note_search|vtable constructor failed: note_search/;

/** Whether something failed because the index of words cannot be read. */
export function isIndexFailure(error: unknown): boolean {
  if (INDEX_DAMAGE.test(sqliteCode(error) ?? "")) return true;
  if (!(error instanceof Error)) return false;
  if (error instanceof DatabaseError && error.code === "index") return true;
  return INDEX_MISSING.test(error.message) || isIndexFailure(error.cause);
}

/** Hears once of each kind of damage. The message of the error names file and remedy. */
export type OnDamage = (error: DatabaseError) => void;

/**
 * Remembers that a damaged page was met in a database. Whoever meets it is told that the database is not available, and
 * from then on nothing is written: a write could spread the damage, and would be acknowledged without being safe.
 */
export class DamageWatch {
  readonly #file: string;
  readonly #onDamage: OnDamage;
  readonly #told = new Set<string>();
  #found: DatabaseError | undefined;

  constructor(file: string, onDamage: OnDamage = () => undefined) {
    this.#file = file;
    this.#onDamage = onDamage;
  }

  /** Whether a damaged page was met. */
  get isDamaged(): boolean {
    return this.#found !== undefined;
  }

  /** What to throw instead of a failure of SQLite: `unavailable` for damage, anything else as it is. */
  translate(error: unknown): unknown {
    const code = sqliteCode(error);
    if (isIndexDamage(code, error)) return unavailable(this.#tell(damagedIndex(this.#file, error)));
    if (code === undefined || !DAMAGE.test(code)) return error;
    this.#found ??= damagedPage(this.#file, error);
    return unavailable(this.#tell(this.#found));
  }

  /** Throws `unavailable` once a damaged page was met: nothing may be written any more. */
  requireWhole(): void {
    if (this.#found !== undefined) throw unavailable(this.#found);
  }

  #tell(damage: DatabaseError): DatabaseError {
    if (!this.#told.has(damage.message)) this.#onDamage(damage);
    this.#told.add(damage.message);
    return damage;
  }
}

function isIndexDamage(code: string | undefined, error: unknown): boolean {
  return INDEX_DAMAGE.test(code ?? "") || (error instanceof Error && error.message === INDEX_REFUSES);
}

/** Readers learn nothing of the inside; the cause is for the log. */
function unavailable(cause: DatabaseError): AppError {
  const sentence =
    "A part of this site's data cannot be read: whoever runs it finds the reason and the way out in the log.";
  return new AppError("unavailable", sentence, { cause });
}

function damagedPage(file: string, cause: unknown): DatabaseError {
  const sentence = `The database ${file} is damaged (${sqliteCode(cause)}): nothing more is written to it. Stop the program, keep a copy of the folder, see what "starpunk doctor" finds, and restore a backup.`;
  return new DatabaseError("damaged", sentence, { cause });
}

function damagedIndex(file: string, cause: unknown): DatabaseError {
  const sentence = `The index of words in ${file} is damaged (${sqliteCode(cause)}); the notes are whole. "starpunk reindex" makes it anew.`;
  return new DatabaseError("index", sentence, { cause });
}
