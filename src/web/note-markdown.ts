import type { Request, Response } from "express";
import type { Context } from "../context/context.ts";
import { offsetMinutes, toLocal } from "../lib/time-zone.ts";
import { createUrls, paths } from "../lib/urls.ts";
import type { Note } from "../notes/note.ts";
import { isListed } from "../notes/note.ts";
import { changeKeys } from "../notes/public-changes-store.ts";
import { readSettings } from "../site/settings-store.ts";
import { sendBody } from "./answer.ts";
import { UNLISTED } from "./edge-headers.ts";
import { publicAnswer } from "./present.ts";

const ENDING = ".md";

/** The slug of a note whose copy as Markdown a path asks for; undefined where none is, or the author offers none. */
export function slugOfCopy(ctx: Pick<Context, "db">, name: string): string | undefined {
  if (!name.endsWith(ENDING) || readSettings(ctx.db).markdownCopies !== "on") return undefined;
  return name.slice(0, -ENDING.length);
}

/** Path of the copy of a note, where the author offers one and everyone may read it; else empty. */
export function copyPath(ctx: Pick<Context, "db">, note: Pick<Note, "slug" | "kind" | "visibility">): string {
  const isOffered = readSettings(ctx.db).markdownCopies === "on" && note.visibility !== "private";
  return isOffered ? paths.noteMarkdown(note) : "";
}

/** Answers with a note as its author wrote it, under its title, time and address. Search engines are led to the note. */
export function sendMarkdown(
  ctx: Pick<Context, "config" | "db">,
  { req, res, note }: { req: Request; res: Response; note: Note },
): void {
  const url = createUrls(ctx.config.SITE_URL).note(note);
  const own = { Link: `<${url}>; rel="canonical"`, "X-Robots-Tag": "noindex" };
  const { caching, ...answer } = publicAnswer(ctx, changeKeys.note(note));
  sendBody(req, res, {
    body: toMarkdown(ctx, note, url),
    mediaType: "text/markdown; charset=utf-8",
    ...answer,
    caching: { ...(isListed(note) ? caching : UNLISTED), ...own },
  });
}

function toMarkdown({ db }: Pick<Context, "db">, note: Note, url: string): string {
  const { timeZone } = readSettings(db);
  const { publishedAt, publishedOffset, updatedAt, title, content } = note;
  const head = [
    publishedAt && `- Published: ${toLocal(publishedAt, publishedOffset ?? offsetMinutes(publishedAt, timeZone)).iso}`,
    updatedAt && `- Updated: ${toLocal(updatedAt, offsetMinutes(updatedAt, timeZone)).iso}`,
    `- Link: <${url}>`,
  ];
  const heading = title === undefined ? "" : `# ${title}\n\n`;
  return `${heading}${head.filter((line) => line !== undefined).join("\n")}\n\n${content.trimEnd()}\n`;
}
