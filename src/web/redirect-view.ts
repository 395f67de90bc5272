import type { Context } from "../context/context.ts";
import type { AppError } from "../lib/errors.ts";
import type { Words } from "../lib/words.ts";
import { counted, said } from "../lib/words.ts";
import type { ImportedLine } from "../redirects/import-redirects.ts";
import type { MissingPath } from "../redirects/missing-store.ts";
import type { Redirect, WrittenRedirect } from "../redirects/redirect.ts";
import { suggestBySlug } from "../redirects/suggest-note.ts";
import type { SuggestedNote } from "../redirects/suggestion-store.ts";
import { shownTime } from "./admin-view.ts";
import { noteLink } from "./present.ts";
import type { MissingRowView, RedirectFormView, RedirectRowView, RedirectsView } from "./redirect-views.ts";
import type { TagView } from "./views.ts";

/** Lines of an import that were skipped and are shown with the reason. */
export const MAX_SHOWN_LINES = 200;
/** Longest line that is shown whole, in characters. */
const MAX_LINE_LENGTH = 120;

const CHOICES: RedirectFormView["status"]["choices"] = [
  { value: "301", label: said`Moved for good (301)`, meaning: said`Browsers and search engines remember it.` },
  { value: "302", label: said`For now (302)`, meaning: said`The old address may come back.` },
  { value: "308", label: said`Moved for good, kept as it was sent (308)`, meaning: said`As 301, for programs too.` },
  { value: "410", label: said`Gone (410)`, meaning: said`Search engines forget it soon. It leads nowhere.` },
];

/** The form of a redirect as it was typed, with what is wrong with it. */
export function redirectForm(
  typed: WrittenRedirect,
  { error, suggestion }: { error: AppError | undefined; suggestion: Words },
): RedirectFormView {
  const at = (name: string) => (error?.field === name ? error.said : "");
  return {
    from: { value: typed.from, error: at("from") },
    to: { value: typed.to, error: at("to") },
    status: { value: typed.status, error: at("status"), choices: CHOICES },
    error: error?.said ?? "",
    suggestion,
  };
}

/** Creates what shows redirects to their author. */
export function redirectViewer(ctx: Pick<Context, "db">): (redirect: Redirect) => RedirectRowView {
  return ({ id, source, target = "", status, hits, lastHitAt }) => ({
    source,
    target,
    status: String(status),
    hits: hits === 0 ? said`never used` : counted("used once", "used {count} times", { count: hits }),
    lastHit: lastHitAt === undefined ? "" : said`last ${shownTime(ctx, lastHitAt)}`,
    editPath: `/admin/redirects/${id}`,
    deletePath: `/admin/redirects/${id}/delete`,
  });
}

/** What came of an import: in one sentence, and every line that was skipped. */
export function importView(lines: readonly ImportedLine[]): RedirectsView["imported"] {
  const [added, unchanged, skipped] = (["added", "unchanged", "skipped"] as const).map((result) =>
    lines.filter((line) => line.result === result),
  ) as [ImportedLine[], ImportedLine[], ImportedLine[]];
  const shown = skipped.slice(0, MAX_SHOWN_LINES).map(({ number, text, reason }) => ({
    number,
    text: [...text].length > MAX_LINE_LENGTH ? `${[...text].slice(0, MAX_LINE_LENGTH).join("")}…` : text,
    reason,
  }));
  return { summary: importSummary(added.length, unchanged.length, skipped.length), skipped: shown };
}

function importSummary(added: number, unchanged: number, skipped: number): Words {
  const taken = counted("{count} line taken", "{count} lines taken", { count: added });
  if (unchanged > 0 && skipped > 0) return said`${taken}, ${unchanged} there already, ${skipped} skipped.`;
  if (unchanged > 0) return said`${taken}, ${unchanged} there already.`;
  return skipped > 0 ? said`${taken}, ${skipped} skipped.` : said`${taken}.`;
}

/** Creates what shows addresses that were asked for in vain. */
export function missingViewer(ctx: Pick<Context, "db">): (missing: MissingPath) => MissingRowView {
  return (missing) => {
    const note = suggestBySlug(ctx.db, missing.path);
    return {
      path: missing.path,
      hits: timesAsked(missing.hits),
      times: timesOf(ctx, missing),
      referrer: missing.referrer ?? "",
      suggestion: note === undefined ? null : suggestionLink(note),
      redirectPath: `/admin/redirects?${new URLSearchParams({ from: missing.path })}#make`,
    };
  };
}

/** When an address was asked for, in words. */
export function timesOf(ctx: Pick<Context, "db">, { hits, firstSeenAt, lastSeenAt }: MissingPath): Words {
  return hits === 1
    ? shownTime(ctx, lastSeenAt)
    : said`last ${shownTime(ctx, lastSeenAt)}, first ${shownTime(ctx, firstSeenAt)}`;
}

/** A link to a note that may be meant. */
export function suggestionLink(note: SuggestedNote): TagView {
  return noteLink({ id: 0, properties: {}, ...note });
}

/** `1 time`, `1,204 times`. */
export function timesAsked(count: number): Words {
  return counted("{count} time", "{count} times", { count });
}
