import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Reader } from "../db/connection.ts";
import { MEDIA_NAME, mediaFolder, variantsFolder } from "../media/media-files.ts";
import { listKnownMedia, listKnownVariants, listNotesWithMedia } from "./doctor-store.ts";
import { listFolder, namesOf } from "./examine-files.ts";
import type { Finding, Patient } from "./finding.ts";
import { failure, fine, warning } from "./finding.ts";

const PAGE_NOTES = 500;
const SHOWN_MEDIA = /="\/media\/([\w-]{22}\.[a-z0-9]+)/gu;
const REMEDY = "Restore a backup into another folder, and copy these files of its media/ back.";

/** Whether every media file is there with the content that its name says, and every one that notes show. Reads them all. */
export function examineMedia({ config }: Patient, db: Reader): Finding[] {
  const folder = mediaFolder(config);
  const known = new Set(listKnownMedia(db).map(({ name }) => name));
  const files = new Set(listFolder(folder, (name) => MEDIA_NAME.test(name)).map((path) => basename(path)));
  const missing = [...known].filter((name) => !files.has(name));
  const damaged = [...files].filter((name) => known.has(name) && !isIntact(join(folder, name), name));
  const orphans = [...files].filter((name) => !known.has(name));
  const shown = listShownWithout(db, (name) => files.has(name));

  const found: (Finding | false)[] = [
    missing.length > 0 && failure("media", `${missing.length} of ${known.size} are gone: ${namesOf(missing)}`, REMEDY),
    damaged.length > 0 && failure("media", `${damaged.length} are damaged: ${namesOf(damaged)}`, REMEDY),
    shown.length > 0 &&
      failure("media", `${shown.length} notes show pictures that are gone: ${namesOf(shown)}`, REMEDY),
    orphans.length > 0 &&
      warning(
        "media",
        `${orphans.length} that the database does not know: ${namesOf(orphans)}`,
        "The next start removes those that are left of a broken upload. Copy them away first if the database was restored without them.",
      ),
  ];
  const wrong = found.filter((finding) => finding !== false);
  return wrong.length > 0 ? wrong : [fine("media", `${known.size} files, all there and intact`)];
}

/** Whether the smaller versions of images are there. They are made of the images, so nothing of theirs can be lost. */
export function examineVariants({ config }: Patient, db: Reader): Finding {
  const known = listKnownVariants(db);
  const folder = variantsFolder(config);
  const missing = known.filter((name) => !existsSync(join(folder, name)));
  if (missing.length === 0) return fine("variants", `${known.length} smaller versions of images, all there`);
  return warning(
    "variants",
    `${missing.length} of ${known.length} smaller versions of images are gone: ${namesOf(missing)}`,
    "The next start makes them again; readers get the images as they are until then.",
  );
}

/** The name of a file begins with what its content adds up to. */
function isIntact(path: string, name: string): boolean {
  try {
    return createHash("sha256").update(readFileSync(path)).digest("base64url").startsWith(name.slice(0, 22));
  } catch {
    return false; // It cannot be read, which is no better.
  }
}

function listShownWithout(db: Reader, isThere: (name: string) => boolean): string[] {
  const slugs: string[] = [];
  for (let after = 0; ; ) {
    const notes = listNotesWithMedia(db, { after, limit: PAGE_NOTES });
    const last = notes.at(-1);
    if (last === undefined) return slugs;
    for (const { slug, html } of notes) {
      if ([...html.matchAll(SHOWN_MEDIA)].some(([, name = ""]) => !isThere(name))) slugs.push(slug);
    }
    after = last.id;
  }
}
