import type { Context } from "../context/context.ts";
import type { Database } from "../db/database.ts";
import { enqueue } from "../jobs/job.ts";
import type { Timestamp } from "../lib/clock.ts";
import { escapeHtml } from "../lib/html.ts";
import type { ImageChoice } from "../lib/markdown.ts";
import { placeImages, RENDERER_VERSION, renderContent } from "../lib/markdown.ts";
import { findMedia } from "../media/media-store.ts";
import { findRemoteImage, insertRemoteImage } from "../media/remote-images-store.ts";
import { readSettings } from "../site/settings-store.ts";
import type { ContentFormat, Note, Properties } from "./note.ts";
import { listNotesShowing, replaceNoteImages } from "./note-image-store.ts";
import type { StoredNote } from "./note-store.ts";
import { findNote, updateRendering } from "./note-store.ts";

/** What rendering makes of a text, and what must happen for all of its images to show. */
export type Rendering = {
  readonly contentHtml: string;
  readonly contentText: string;
  readonly rendererVersion: number;
  /** Hashtags in the text, without their sign. */
  readonly hashtags: readonly string[];
  /** Images on other servers that the text shows. */
  readonly remoteImages: readonly string[];
};

type Renderable = {
  readonly content: string;
  readonly contentFormat: ContentFormat;
  readonly anchor: string;
  readonly properties: Properties;
};

const MEDIA_PATH = /^\/media\/([\w-]+\.[a-z0-9]+)$/u;

/**
 * Renders a text as readers will see it: Markdown parsed, highlighted and sanitised, images placed by the setting.
 * Throws `invalid` for a text that is too long or takes too long. Writes nothing.
 */
export async function renderNote(db: Database, note: Renderable): Promise<Rendering> {
  const rendered = await renderContent({ content: note.content, format: note.contentFormat, anchor: note.anchor });
  const photos = photosHtml(note.properties);
  const images = [...new Set([...photos.sources, ...rendered.images])];
  const choices = new Map(images.map((source) => [source, chooseImage(db, source)]));
  const place = (source: string): ImageChoice => choices.get(source) ?? { show: "link", href: source };
  const html = photos.html + rendered.html;

  return {
    contentHtml: images.length === 0 ? html : placeImages(html, place),
    contentText: rendered.text,
    rendererVersion: RENDERER_VERSION,
    hashtags: rendered.hashtags,
    remoteImages: images.filter(isRemote),
  };
}

/**
 * Remembers which images elsewhere a note shows and queues the copies that are missing, where the author wants copies.
 * With `isSave` those that failed before are tried again: the author may have mended the address. Runs inside a transaction.
 */
export function keepRemoteImages(
  db: Database,
  note: { readonly id: number; readonly remoteImages: readonly string[] },
  options: { readonly now: Timestamp; readonly isSave: boolean },
): void {
  replaceNoteImages(db, note.id, note.remoteImages);
  if (readSettings(db).remoteImages !== "copy") return;
  for (const url of note.remoteImages) {
    const known = findRemoteImage(db, url);
    const isWanted = known === undefined || (options.isSave && known.reason !== undefined);
    if (!isWanted) continue;
    insertRemoteImage(db, url, options.now);
    enqueue(db, { kind: "media.copy_remote_image", payload: { url }, now: options.now, uniqueKey: url });
  }
}

/** Renders a stored note again, after an image arrived or with a newer renderer. Nothing happens to one that is gone. */
export async function rerenderNote(ctx: Pick<Context, "db" | "clock">, noteId: number): Promise<void> {
  const before = findNote(ctx.db, noteId);
  if (before === undefined || before.status === "erased") return;
  const rendering = await renderNote(ctx.db, before);
  await ctx.db.write(() => {
    const current = findNote(ctx.db, noteId);
    if (current?.version !== before.version) return; // It was saved meanwhile, and rendered with that.
    const now = ctx.clock();
    keepRemoteImages(ctx.db, { id: noteId, remoteImages: rendering.remoteImages }, { now, isSave: false });
    if (isSameRendering(current, rendering)) return;
    updateRendering(ctx.db, noteId, { ...rendering, changedAt: now });
  });
}

/** Queues a new rendering of every note that shows the image at `url`. Runs inside a transaction. */
export function requestRendering(db: Database, url: string, now: Timestamp): void {
  for (const noteId of listNotesShowing(db, url)) {
    enqueue(db, { kind: "notes.render", payload: { noteId }, now, uniqueKey: String(noteId) });
  }
}

function isSameRendering(note: StoredNote, rendering: Rendering): boolean {
  return note.contentHtml === rendering.contentHtml && note.rendererVersion === rendering.rendererVersion;
}

function chooseImage(db: Database, source: string): ImageChoice {
  const own = MEDIA_PATH.exec(source)?.[1];
  if (own !== undefined) return ownImage(db, own, source);
  if (!isRemote(source)) return { show: "image", src: source };
  const policy = readSettings(db).remoteImages;
  if (policy === "load") return { show: "image", src: source };
  const copied = policy === "copy" ? findRemoteImage(db, source)?.mediaName : undefined;
  return copied === undefined ? { show: "link", href: source } : ownImage(db, copied, source);
}

function ownImage(db: Database, name: string, source: string): ImageChoice {
  const file = findMedia(db, name);
  if (file === undefined) return { show: "link", href: source };
  return { show: "image", src: `/media/${file.name}`, width: file.width, height: file.height };
}

function isRemote(source: string): boolean {
  return /^(?:https?:)?\/\//iu.test(source);
}

/** The photos that a Micropub client sent beside the text, as `u-photo`. */
function photosHtml(properties: Properties): { html: string; sources: readonly string[] } {
  const photos = (properties.photo ?? []).map(toPhoto).filter((photo) => photo !== undefined);
  const html = photos.map(
    (photo) =>
      `<p><img class="u-photo" src="${escapeHtml(photo.src)}" alt="${escapeHtml(photo.alt)}" loading="lazy" decoding="async"></p>\n`,
  );
  return { html: html.join(""), sources: photos.map((photo) => photo.src) };
}

function toPhoto(value: unknown): { src: string; alt: string } | undefined {
  const photo = typeof value === "string" ? { value, alt: "" } : (value as { value?: unknown; alt?: unknown } | null);
  const src = typeof photo?.value === "string" ? photo.value : "";
  const isUrl = /^https?:\/\//iu.test(src) || MEDIA_PATH.test(src);
  return isUrl ? { src, alt: typeof photo?.alt === "string" ? photo.alt : "" } : undefined;
}

/** Renders what is being written, for the preview; nothing is stored or queued. */
export async function renderPreview(db: Database, content: string): Promise<string> {
  const preview: Pick<Note, "contentFormat" | "properties"> = { contentFormat: "markdown", properties: {} };
  return (await renderNote(db, { ...preview, content, anchor: "preview" })).contentHtml;
}
