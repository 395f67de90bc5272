import type { Context } from "../context/context.ts";
import type { Database } from "../db/database.ts";
import { enqueue } from "../jobs/job.ts";
import type { Timestamp } from "../lib/clock.ts";
import { invalid } from "../lib/errors.ts";
import type { ImageChoice } from "../lib/markdown.ts";
import { placeImages, RENDERER_VERSION, renderContent } from "../lib/markdown.ts";
import { measureAsync } from "../lib/measure.ts";
import { unspacedIndex } from "../lib/unspaced.ts";
import { said } from "../lib/words.ts";
import { findRemoteImages, insertRemoteImage } from "../media/remote-images-store.ts";
import { readSettings } from "../site/settings-store.ts";
import { createImageChoice, isRemoteImage } from "./choose-image.ts";
import { listSectionsUsing } from "./library-store.ts";
import type { ContentFormat, Properties, Tag } from "./note.ts";
import type { RemoteUse } from "./note-image-store.ts";
import { listNotesShowing, replaceNoteImages } from "./note-image-store.ts";
import { listNotesWithMedia, replaceNoteMedia } from "./note-media-store.ts";
import type { StoredNote } from "./note-store.ts";
import { findNote, updateRendering } from "./note-store.ts";
import type { Photo } from "./photos.ts";
import { listPhotos, photosHtml } from "./photos.ts";
import { insertSiteChange } from "./public-changes-store.ts";

/** Most images on other servers that one note shows: each is a job, and all are written down in one transaction. */
export const MAX_REMOTE_IMAGES = 500;

/** What rendering makes of a text, and what must happen for all of its images to show. */
export type Rendering = {
  readonly contentHtml: string;
  readonly contentText: string;
  readonly rendererVersion: number;
  /** Hashtags in the text, without their sign. */
  readonly hashtags: readonly string[];
  /** Images on other servers that the text shows, and films and recordings that were sent with it. */
  readonly remoteImages: readonly RemoteUse[];
};

/** What is rendered: a text, how it is written, and the properties whose photos stand above it. */
export type Renderable = {
  readonly content: string;
  readonly contentFormat: ContentFormat;
  readonly anchor: string;
  readonly properties: Properties;
  /** Without one, photos that stand alone in the text are what the note is about. */
  readonly title?: string | undefined;
};

type RenderContext = Pick<Context, "db" | "config" | "metrics">;

/**
 * Renders a text as readers will see it: Markdown parsed, highlighted and sanitised, images placed by the setting.
 * Throws `invalid` for a text that is too long, takes too long, or shows too much from elsewhere. Writes nothing.
 */
export async function renderNote(ctx: RenderContext, note: Renderable): Promise<Rendering> {
  const siteUrl = ctx.config.SITE_URL;
  const { content, contentFormat: format, anchor } = note;
  const rendered = await measureAsync(ctx.metrics, { type: "render", name: format }, () =>
    renderContent({ content, format, anchor }),
  );
  const photos = listPhotos(note.properties, siteUrl);
  const images = [...new Set([...photos.map(({ src }) => src), ...rendered.images])];
  const remote = images.filter((source) => isRemoteImage(source, siteUrl));
  if (remote.length > MAX_REMOTE_IMAGES) {
    throw invalid(
      "content",
      said`A note shows at most ${MAX_REMOTE_IMAGES} images from other servers. Leave some out.`,
    );
  }

  const html = photosHtml(photos) + rendered.html;
  const placed = images.length === 0 ? { html, remoteImages: [] } : place(ctx, { note, html, images, remote, photos });
  return {
    contentHtml: placed.html,
    // As images in the text, photos are found by what their description says.
    contentText: [rendered.text, ...photos.map((photo) => photo.alt)].filter((text) => text !== "").join("\n"),
    rendererVersion: RENDERER_VERSION,
    hashtags: rendered.hashtags,
    remoteImages: placed.remoteImages,
  };
}

type Placing = {
  readonly note: Renderable;
  readonly html: string;
  readonly images: readonly string[];
  readonly remote: readonly string[];
  readonly photos: readonly Photo[];
};

/** Puts the images of a text where they stand, as the setting and what is stored now want them. */
function place(ctx: RenderContext, { note, html, images, remote, photos }: Placing) {
  const choose = createImageChoice(ctx, images, filmsAmong(photos));
  const policy = readSettings(ctx.db).remoteImages;
  const remoteImages = remote.map((url) => ({
    url,
    shownAs: policy === "copy" ? shownAs(url, choose(url)) : undefined,
  }));
  return { html: placeImages(html, choose, { isPhotoPost: note.title === undefined }), remoteImages };
}

function filmsAmong(photos: readonly Photo[]): ReadonlyMap<string, "video" | "audio"> {
  return new Map(photos.flatMap(({ src, as }) => (as === "photo" ? [] : [[src, as] as const])));
}

/** As what a file elsewhere is shown from its own address. */
function shownAs(url: string, choice: ImageChoice): RemoteUse["shownAs"] {
  if (choice.show === "link" || choice.src !== url) return undefined;
  return choice.show === "image" ? "image" : "media";
}

/** What search must know of a note beyond words with spaces between; see `unspacedIndex`. */
export function unspacedTextOf(note: {
  readonly title: string | undefined;
  readonly contentText: string;
  readonly tags: readonly Tag[];
}): string | undefined {
  return unspacedIndex([note.title ?? "", note.contentText, ...note.tags.map((tag) => tag.label)].join("\n"));
}

/**
 * Remembers which images a note shows, here and elsewhere, and queues the copies that are missing, where the author wants them.
 * With `isSave` those that failed before are tried again: the author may have mended the address; and those that wait, since
 * who found that out may not have queued the job. Runs inside a transaction.
 */
export function keepImages(
  db: Database,
  note: { readonly id: number } & Pick<Rendering, "contentHtml" | "remoteImages">,
  options: { readonly now: Timestamp; readonly isSave: boolean },
): void {
  replaceNoteImages(db, note.id, note.remoteImages);
  replaceNoteMedia(db, note.id, note.contentHtml);
  if (note.remoteImages.length === 0 || readSettings(db).remoteImages !== "copy") return;
  const urls = note.remoteImages.map(({ url }) => url);
  const images = findRemoteImages(db, urls);
  for (const url of urls) {
    const known = images.get(url);
    const isWanted = known === undefined || (options.isSave && known.mediaName === undefined);
    if (!isWanted) continue;
    insertRemoteImage(db, url, options.now);
    enqueue(db, { kind: "media.copy_remote_image", payload: { url }, now: options.now, uniqueKey: url });
  }
}

/** Renders a stored note again, after an image arrived or with a newer renderer. Nothing happens to one that is gone. */
export async function rerenderNote(ctx: RenderContext & Pick<Context, "clock">, noteId: number): Promise<void> {
  const before = findNote(ctx.db, noteId);
  if (before === undefined || before.status === "erased") return;
  const rendering = await renderNote(ctx, before);
  await ctx.db.write(() => {
    const current = findNote(ctx.db, noteId);
    if (current?.version !== before.version) return; // It was saved meanwhile, and rendered with that.
    const now = ctx.clock();
    keepImages(ctx.db, { ...rendering, id: noteId }, { now, isSave: false });
    if (isSameRendering(current, rendering)) return;
    const unspacedText = unspacedTextOf({ ...current, contentText: rendering.contentText });
    updateRendering(ctx.db, noteId, { ...rendering, unspacedText, changedAt: now });
  });
}

/** Queues a new rendering of every note that shows the image at `url`. Runs inside a transaction. */
export function requestRendering(db: Database, url: string, now: Timestamp): void {
  for (const noteId of listNotesShowing(db, url)) {
    enqueue(db, { kind: "notes.render", payload: { noteId }, now, uniqueKey: String(noteId) });
  }
}

/** The same for every note, and every description of a tag, that names a file of the media folder. Runs inside a transaction. */
export function requestMediaRendering(db: Database, mediaName: string, now: Timestamp): void {
  for (const noteId of listNotesWithMedia(db, mediaName)) {
    enqueue(db, { kind: "notes.render", payload: { noteId }, now, uniqueKey: String(noteId) });
  }
  for (const tag of listSectionsUsing(db, mediaName)) {
    enqueue(db, { kind: "tags.render", payload: { tag }, now, uniqueKey: tag });
  }
}

/** Has whatever shows an image show its new smaller versions too: notes and tags by jobs, the head of the site at once. */
export function showNewVariants(db: Database, mediaName: string, now: Timestamp): void {
  requestMediaRendering(db, mediaName, now);
  if (readSettings(db).headerImage === mediaName) insertSiteChange(db, now);
}

function isSameRendering(note: StoredNote, rendering: Rendering): boolean {
  return note.contentHtml === rendering.contentHtml && note.rendererVersion === rendering.rendererVersion;
}

/** Renders what is being written, for the preview; nothing is stored or queued. `stored` is the note that it will change. */
export async function renderPreview(
  ctx: RenderContext,
  content: string,
  stored: Pick<Renderable, "contentFormat" | "properties" | "title"> = { contentFormat: "markdown", properties: {} },
): Promise<string> {
  const { contentFormat, properties, title } = stored;
  return (await renderNote(ctx, { content, contentFormat, properties, title, anchor: "preview" })).contentHtml;
}
