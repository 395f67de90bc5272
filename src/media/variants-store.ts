import type { Database } from "../db/database.ts";
import type { MediaFile } from "./media-store.ts";
import type { Variant } from "./variant-plan.ts";
import { MIN_SOURCE_BYTES } from "./variant-plan.ts";

/** An image whose variants are still to be made. */
export type Unvaried = Omit<MediaFile, "originalName"> & { readonly id: number };

/** A variant, and the image that it is one of. */
export type StoredVariant = Variant & { readonly mediaName: string };

/** The next image past row id `after` that has no variants by the recipe or a later one. Asks what `wantsVariants` does. */
export function findUnvaried(db: Database, { recipe, after }: { recipe: number; after: number }): Unvaried | undefined {
  return db.get<Unvaried>(
    `SELECT id, name, media_type AS mediaType, size_bytes AS sizeBytes, width, height
       FROM media
      WHERE variants_recipe < :recipe AND id > :after
        AND size_bytes >= :minBytes AND width IS NOT NULL AND media_type <> 'image/gif'
      ORDER BY id
      LIMIT 1`,
    { recipe, after, minBytes: MIN_SOURCE_BYTES },
  );
}

/** The variant of that name. */
export function findVariant(db: Database, name: string): StoredVariant | undefined {
  return db.get<StoredVariant>(
    `SELECT name, media_name AS mediaName, media_type AS mediaType, width, height, size_bytes AS sizeBytes
       FROM media_variants
      WHERE name = :name`,
    { name },
  );
}

/** The variants of those of `mediaNames` that have some, by the name of the image, least width first. */
export function findVariants(db: Database, mediaNames: readonly string[]): ReadonlyMap<string, readonly Variant[]> {
  const rows = db.all<StoredVariant>(
    `SELECT name, media_name AS mediaName, media_type AS mediaType, width, height, size_bytes AS sizeBytes
       FROM media_variants
      WHERE media_name IN (SELECT value FROM json_each(:mediaNames))
      ORDER BY media_name, width`,
    { mediaNames: JSON.stringify(mediaNames) },
  );
  const found = new Map<string, Variant[]>();
  for (const { mediaName, ...variant } of rows) {
    const known = found.get(mediaName);
    if (known === undefined) found.set(mediaName, [variant]);
    else known.push(variant);
  }
  return found;
}

/** Those of `names` that are variants of an image. */
export function findVariantNames(db: Database, names: readonly string[]): ReadonlySet<string> {
  const rows = db.all<{ name: string }>(
    "SELECT name FROM media_variants WHERE name IN (SELECT value FROM json_each(:names))",
    { names: JSON.stringify(names) },
  );
  return new Set(rows.map(({ name }) => name));
}

/** Variants past the name `after`, in the order of their names. */
export function listVariants(
  db: Database,
  { after, limit }: { after: string; limit: number },
): { name: string; mediaName: string }[] {
  return db.all(
    `SELECT name, media_name AS mediaName FROM media_variants WHERE name > :after ORDER BY name LIMIT :limit`,
    { after, limit },
  );
}

/** Records all variants of an image, in place of those that it had. Runs inside a transaction. */
export function replaceVariants(
  db: Database,
  mediaName: string,
  { recipe, variants }: { recipe: number; variants: readonly Variant[] },
): void {
  db.run("DELETE FROM media_variants WHERE media_name = :mediaName", { mediaName });
  for (const variant of variants) {
    db.run(
      `INSERT INTO media_variants (name, media_name, media_type, width, height, size_bytes)
       SELECT :name, :mediaName, :mediaType, :width, :height, :sizeBytes
        WHERE EXISTS (SELECT 1 FROM media WHERE name = :mediaName)`,
      { ...variant, mediaName },
    );
  }
  db.run("UPDATE media SET variants_recipe = :recipe WHERE name = :mediaName", { mediaName, recipe });
}

/** Has the variants of these images made again. Those that there are stay until then. Runs inside a transaction. */
export function forgetVariants(db: Database, mediaNames: readonly string[]): void {
  db.run("UPDATE media SET variants_recipe = 0 WHERE name IN (SELECT value FROM json_each(:mediaNames))", {
    mediaNames: JSON.stringify(mediaNames),
  });
}
