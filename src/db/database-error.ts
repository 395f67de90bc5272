/** Why the database cannot be used as it is. */
export type DatabaseErrorCode =
  | "missing" // no such file
  | "damaged" // its header is overwritten, it is cut short, or SQLite calls it malformed
  | "index" // the index of words alone is damaged
  | "foreign" // a SQLite file of another program
  | "newer" // a newer StarPunk has migrated it
  | "edited" // a migration that it has had reads differently now
  | "migrations" // the migration files themselves: a gap, a double number, a wrong name
  | "failed" // a migration broke off; nothing of it is left
  | "locked" // another program holds it
  | "unwritable" // file or folder, by their rights or their disk
  | "full" // the disk
  | "sqlite"; // the library is too old to be safe

/** The database cannot be opened or migrated. The message is one sentence that says what to do; the CLI prints it and exits 1. */
export class DatabaseError extends Error {
  override readonly name = "DatabaseError";
  readonly code: DatabaseErrorCode;

  constructor(code: DatabaseErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
  }
}
