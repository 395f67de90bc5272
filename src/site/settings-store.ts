import type { Reader } from "../db/connection.ts";
import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { Settings } from "./settings.ts";
import { DEFAULT_SETTINGS } from "./settings.ts";

type SettingRow = { name: string; value: string };

/** The settings as they are now; what the author never changed has its default. Rows of unknown names are ignored. */
export function readSettings(db: Database): Settings {
  return db.remember(readStoredSettings);
}

function readStoredSettings(db: Database): Settings {
  return { ...DEFAULT_SETTINGS, ...listStoredSettings(db) };
}

/** The settings that were ever changed, in their own order. */
export function listStoredSettings(db: Reader): Partial<Settings> {
  const rows = db.all<SettingRow>("SELECT name, value FROM settings");
  const stored = new Map(rows.map((row) => [row.name, row.value]));
  const names = Object.keys(DEFAULT_SETTINGS).filter((name) => stored.has(name));
  return Object.fromEntries(names.map((name) => [name, JSON.parse(stored.get(name) ?? "null")]));
}

/** Stores one setting. Only inside a write; a value that is already there changes nothing, so readers' copies live on. */
export function updateSetting(db: Database, setting: { name: keyof Settings; value: unknown }, now: Timestamp): void {
  db.run(
    `INSERT INTO settings (name, value, changed_at)
     VALUES (:name, :value, :now)
         ON CONFLICT (name) DO UPDATE
        SET value = excluded.value,
            changed_at = excluded.changed_at
      WHERE value <> excluded.value`,
    { name: setting.name, value: JSON.stringify(setting.value), now },
  );
}
