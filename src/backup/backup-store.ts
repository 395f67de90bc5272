import type { Reader } from "../db/connection.ts";

/** What a database that was copied says of itself. */
export type CopiedDatabase = {
  readonly sqlite: string;
  readonly migrations: readonly { readonly name: string; readonly checksum: string }[];
  /** Notes of every status. */
  readonly notes: number;
  /** Names of the media files that it knows, in order. */
  readonly media: readonly string[];
};

/** Reads from a copy what a manifest says of it. Works for every schema since 0.1.0. */
export function readCopiedDatabase(reader: Reader): CopiedDatabase {
  return {
    sqlite: reader.get<{ version: string }>("SELECT sqlite_version() AS version")?.version ?? "",
    migrations: reader.all("SELECT name, checksum FROM schema_migrations ORDER BY number"),
    notes: countAllNotes(reader),
    media: reader.all<{ name: string }>("SELECT name FROM media ORDER BY name").map(({ name }) => name),
  };
}

/** Notes of every status, erased ones too. */
export function countAllNotes(reader: Reader): number {
  return reader.get<{ count: number }>("SELECT count(*) AS count FROM notes")?.count ?? 0;
}

/** Slug of the note that stands first on the home page; undefined without one. */
export function findNewestSlug(reader: Reader): string | undefined {
  return reader.get<{ slug: string }>(
    `SELECT slug FROM notes
      WHERE status = 'published' AND visibility = 'public' AND kind <> 'page'
      ORDER BY published_at DESC, id DESC
      LIMIT 1`,
  )?.slug;
}

/** Bytes that the media files have together, as the database knows them. */
export function sumMediaBytes(reader: Reader): number {
  return reader.get<{ bytes: number | null }>("SELECT sum(size_bytes) AS bytes FROM media")?.bytes ?? 0;
}
