import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";

/** Row of the table of settings that is no setting: which files of the theme folder readers' pages were made with. */
const NAME = "themeFingerprint";

/** The fingerprint of the theme folder that was last seen; undefined before there was one. */
export function findThemeFingerprint(db: Database): string | undefined {
  const row = db.get<{ value: string }>("SELECT value FROM settings WHERE name = :name", { name: NAME });
  return row === undefined ? undefined : String(JSON.parse(row.value));
}

/** Writes down the fingerprint. Runs inside a transaction; where it is another one, the triggers tell of a change of every page. */
export function updateThemeFingerprint(db: Database, fingerprint: string, now: Timestamp): void {
  db.run(
    `INSERT INTO settings (name, value, changed_at)
     VALUES (:name, :value, :now)
         ON CONFLICT (name) DO UPDATE
        SET value = excluded.value,
            changed_at = excluded.changed_at
      WHERE value <> excluded.value`,
    { name: NAME, value: JSON.stringify(fingerprint), now },
  );
}
