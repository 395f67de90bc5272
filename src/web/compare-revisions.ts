import type { Context } from "../context/context.ts";
import type { ComparedLine, ComparedRow } from "../lib/compare-texts.ts";
import { compareTexts } from "../lib/compare-texts.ts";
import { formatBytes } from "../lib/format-bytes.ts";
import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";
import type { StoredNote } from "../notes/note-store.ts";
import type { WholeRevision } from "../notes/revision-store.ts";
import { findRevision, findVersionBefore } from "../notes/revision-store.ts";
import { shownTime } from "./admin-view.ts";
import { noteRowViewer } from "./note-rows.ts";
import { actionName, changedFacts, revisionsPath, writerName } from "./revision-view.ts";
import type { ComparedLineView, RevisionView } from "./revision-views.ts";

/** What a revision is compared with, and how. */
export type Comparison = { readonly against: "previous" | "now"; readonly layout: RevisionView["layout"] };

/** Said where two texts have too little in common. */
const TOO_DIFFERENT = said`The two texts are too different to compare line by line. The whole text of this revision is below.`;

/** A revision beside the one before it, or beside what is stored now. */
export function revisionView(
  ctx: Pick<Context, "db">,
  { note, revision, comparison }: { note: StoredNote; revision: WholeRevision; comparison: Comparison },
): Omit<RevisionView, "error"> {
  const [before, after] = sidesOf(ctx, { note, revision, comparison });
  const rows = compareTexts(before?.content ?? "", after.content);
  const isNow = revision.version === note.version;
  return {
    note: noteRowViewer(ctx)(note),
    did: actionName(revision),
    savedOn: shownTime(ctx, revision.savedAt),
    writer: writerName(revision),
    size: formatBytes(Buffer.byteLength(revision.content)),
    before: before === undefined ? said`nothing` : said`version ${before.version}`,
    after: comparison.against === "now" ? said`what is stored now` : said`version ${after.version}`,
    ...choices(revision, note, comparison),
    layout: comparison.layout,
    facts: changedFacts(ctx, before, after),
    rows: (rows ?? []).map(rowView),
    remark: remarkOn(rows),
    content: revision.content,
    restorePath: isNow || note.status === "trashed" ? "" : `${revisionsPath(note.id)}/${revision.version}/restore`,
    restoreRemark: restoreRemark(note, isNow),
    expectedVersion: note.version,
  };
}

type Sides = [before: WholeRevision | undefined, after: WholeRevision];

function sidesOf(
  ctx: Pick<Context, "db">,
  { note, revision, comparison }: { note: StoredNote; revision: WholeRevision; comparison: Comparison },
): Sides {
  if (comparison.against === "now") return [revision, findRevision(ctx.db, note.id, note.version) ?? revision];
  const previous = findVersionBefore(ctx.db, note.id, revision.version);
  return [previous === undefined ? undefined : findRevision(ctx.db, note.id, previous), revision];
}

function choices(
  revision: WholeRevision,
  note: StoredNote,
  { against, layout }: Comparison,
): Pick<RevisionView, "comparisons" | "layouts"> {
  const path = `${revisionsPath(note.id)}/${revision.version}`;
  const to = (other: Partial<Comparison>) => {
    const wanted = { against, layout, ...other };
    const query = [
      ...(wanted.against === "now" ? ["against=now"] : []),
      ...(wanted.layout === "auto" ? [] : [`view=${wanted.layout}`]),
    ];
    return query.length === 0 ? path : `${path}?${query.join("&")}`;
  };
  return {
    comparisons: [
      { label: said`With the one before`, path: to({ against: "previous" }), isCurrent: against === "previous" },
      { label: said`With now`, path: to({ against: "now" }), isCurrent: against === "now" },
    ],
    layouts: [
      { label: said`As it fits`, path: to({ layout: "auto" }), isCurrent: layout === "auto" },
      { label: said`Inline`, path: to({ layout: "inline" }), isCurrent: layout === "inline" },
      { label: said`Side by side`, path: to({ layout: "side" }), isCurrent: layout === "side" },
    ],
  };
}

function remarkOn(rows: readonly ComparedRow[] | undefined): Words {
  if (rows === undefined) return TOO_DIFFERENT;
  return rows.length === 0 ? said`The text is the same.` : "";
}

function restoreRemark(note: StoredNote, isNow: boolean): Words {
  if (note.status === "trashed")
    return said`The note is in the trash. Restore it from there before you restore a revision.`;
  return isNow ? said`This is what is stored now.` : "";
}

function rowView(row: ComparedRow): RevisionView["rows"][number] {
  if (row.kind === "gap") return { kind: "gap", lines: row.lines, before: null, after: null };
  return { kind: row.kind, lines: 0, before: lineView(row.before), after: lineView(row.after) };
}

function lineView(line: ComparedLine | undefined): ComparedLineView | null {
  return line === undefined ? null : { number: line.number, pieces: line.pieces.map((piece) => ({ ...piece })) };
}
