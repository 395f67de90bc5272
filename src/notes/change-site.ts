import type { Doing } from "../audit/record.ts";
import type { Context } from "../context/context.ts";
import { enqueue } from "../jobs/job.ts";
import { writeAuthorsSettings } from "../site/change-settings.ts";
import type { Settings } from "../site/settings.ts";
import { parseSettings } from "../site/settings-input.ts";
import { readSettings } from "../site/settings-store.ts";
import { listNotesWithRemoteImages } from "./note-image-store.ts";
import { renderNote, rerenderNote } from "./render-note.ts";

/** Notes that one job renders again before it lets others run. */
export const RENDER_BATCH = 50;

/**
 * Changes the settings that `input` names, all in one transaction. When images elsewhere are to be shown otherwise,
 * the notes that show some are rendered again, by a job. Settings in Markdown are rendered. Throws `invalid` for the first that breaks its rule.
 */
export async function changeSite(
  ctx: Doing<"db" | "clock" | "config" | "metrics">,
  input: Readonly<Record<string, unknown>>,
): Promise<void> {
  const settings = await withRendered(ctx, parseSettings(input));
  const now = ctx.clock();
  await ctx.db.write(() => {
    const before = readSettings(ctx.db).remoteImages;
    writeAuthorsSettings(ctx, settings, now);
    if ((settings.remoteImages ?? before) === before) return;
    enqueue(ctx.db, { kind: "notes.render_images", payload: { after: 0 }, now, uniqueKey: "all" });
  });
}

/** Renders the settings that are Markdown. */
async function withRendered(
  ctx: Pick<Context, "db" | "config" | "metrics">,
  settings: Partial<Settings>,
): Promise<Partial<Settings>> {
  const { notFound } = settings;
  if (notFound === undefined || notFound.markdown === "") return settings;
  const text = { content: notFound.markdown, contentFormat: "markdown", anchor: "missing", properties: {} } as const;
  const { contentHtml } = await renderNote(ctx, text);
  return { ...settings, notFound: { ...notFound, html: contentHtml } };
}

/** Renders the next notes past row id `after` that show images elsewhere, and queues the rest. */
export async function rerenderImages(
  ctx: Pick<Context, "db" | "clock" | "config" | "metrics">,
  after: number,
): Promise<void> {
  const noteIds = listNotesWithRemoteImages(ctx.db, after, RENDER_BATCH);
  for (const noteId of noteIds) await rerenderNote(ctx, noteId);
  const last = noteIds.at(-1);
  if (last === undefined || noteIds.length < RENDER_BATCH) return;
  await ctx.db.write(() =>
    enqueue(ctx.db, {
      kind: "notes.render_images",
      payload: { after: last },
      now: ctx.clock(),
      uniqueKey: `after ${last}`,
    }),
  );
}
