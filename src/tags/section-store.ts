import type { Reader } from "../db/connection.ts";
import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { Section } from "./section.ts";

type SectionRow = {
  tag: string;
  title: string;
  description: string;
  description_html: string;
  description_text: string;
  pinned_notes: string;
};

/** The section of a tag; undefined where it has none. */
export function findSection(db: Reader, tag: string): Section | undefined {
  const row = db.get<SectionRow>(
    "SELECT tag, title, description, description_html, description_text, pinned_notes FROM sections WHERE tag = :tag",
    { tag },
  );
  return row && toSection(row);
}

/** All sections, by the names of their tags. */
export function listSections(db: Reader): Section[] {
  return db
    .all<SectionRow>(
      "SELECT tag, title, description, description_html, description_text, pinned_notes FROM sections ORDER BY tag",
    )
    .map(toSection);
}

/** Stores the section of a tag over the one that is there. Runs inside a write. */
export function writeSection(db: Database, section: Section, now: Timestamp): void {
  db.run(
    `INSERT INTO sections (tag, title, description, description_html, description_text, pinned_notes, changed_at)
     VALUES (:tag, :title, :description, :descriptionHtml, :descriptionText, :pinnedNotes, :now)
         ON CONFLICT (tag) DO UPDATE
        SET title = excluded.title, description = excluded.description, description_html = excluded.description_html,
            description_text = excluded.description_text, pinned_notes = excluded.pinned_notes,
            changed_at = excluded.changed_at`,
    { ...section, pinnedNotes: JSON.stringify(section.pinnedNotes), now },
  );
}

/** Removes the section of a tag, if there is one; its page is stale from `now`. Runs inside a write. */
export function removeSection(db: Database, tag: string, now: Timestamp): void {
  db.run("UPDATE sections SET changed_at = :now WHERE tag = :tag", { tag, now });
  db.run("DELETE FROM sections WHERE tag = :tag", { tag });
}

function toSection(row: SectionRow): Section {
  return {
    tag: row.tag,
    title: row.title,
    description: row.description,
    descriptionHtml: row.description_html,
    descriptionText: row.description_text,
    pinnedNotes: JSON.parse(row.pinned_notes) as string[],
  };
}
