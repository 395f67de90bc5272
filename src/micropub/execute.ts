import type { Doer } from "../audit/audit-event.ts";
import { requireScope } from "../auth/scope.ts";
import type { Context } from "../context/context.ts";
import { AppError, invalid } from "../lib/errors.ts";
import { isUrl } from "../lib/is-url.ts";
import { paths } from "../lib/urls.ts";
import { fetchBeforeAnswer } from "../media/fetch-before-answer.ts";
import { NOTE_KINDS } from "../notes/kind.ts";
import type { NoteKind } from "../notes/note.ts";
import { findNoteAt } from "../notes/note-at.ts";
import type { NoteInput, Origin } from "../notes/note-input.ts";
import type { StoredNote } from "../notes/note-store.ts";
import { listRemoteFiles } from "../notes/photos.ts";
import { publishNote, saveDraft } from "../notes/publish.ts";
import { MAX_SAVE_ATTEMPTS, publishDraft, retractNote, reviseNote } from "../notes/revise.ts";
import { restoreNote, trashNote } from "../notes/trash.ts";
import { readSettings } from "../site/settings-store.ts";
import type { KeyedSender } from "./idempotency.ts";
import { createOnce } from "./idempotency.ts";
import type { MicropubSite } from "./note-properties.ts";
import { toNoteInput, wantsDraft } from "./note-properties.ts";
import type { Mf2Properties, MicropubRequest } from "./request.ts";
import { toNoteUpdate } from "./update.ts";

/** What a token allows, and whose it is. */
export type MicropubGrant = {
  readonly clientId: string;
  readonly scopes: ReadonlySet<string>;
  /** Whether the app's texts are Markdown; else they are plain. */
  readonly writesMarkdown?: boolean;
};

/** The same, of who sends a request, and the key under which a post is made once at most. */
export type MicropubSender = MicropubGrant & KeyedSender & { readonly doer?: Doer | undefined };

/** How a request ended: 201 with an address that is new, or 204. */
export type MicropubResult = { readonly status: 201 | 204; readonly location?: string };

type MicropubContext = Pick<Context, "db" | "clock" | "config" | "metrics" | "fetch">;
type Create = Extract<MicropubRequest, { action: "create" }>;
type Update = Extract<MicropubRequest, { action: "update" }>;

/**
 * Does what a client asks for, through the operations that the admin uses too. Each verb needs its own scope; a token
 * that has only `draft` makes only drafts. Throws `forbidden` for a missing scope, else what the operations throw.
 */
export async function executeMicropub(
  ctx: MicropubContext,
  request: MicropubRequest,
  grant: MicropubSender,
): Promise<MicropubResult> {
  if (request.action === "create") return create(ctx, request, grant);
  requireScope(grant, request.action);
  if (request.action === "update") return update(ctx, request, grant);
  const note = requireNoteAt(ctx, request.url);
  await (request.action === "delete" ? trashNote : restoreNote)(ctx, note.id, originOf(grant));
  return { status: 204 };
}

/** What the conversion of properties must know of the site, and of the app that sends them. */
export function micropubSite(ctx: Pick<Context, "db" | "config">, grant: MicropubGrant): MicropubSite {
  const textFormat = grant.writesMarkdown === true ? "markdown" : "text";
  return {
    siteUrl: ctx.config.SITE_URL,
    textFormat,
    // Asked for by few: most posts say no time.
    get timeZone() {
      return readSettings(ctx.db).timeZone;
    },
  };
}

/** The note at an address of this site, or at one of its old addresses. Throws `not_found` for any other address. */
export function requireNoteAt(ctx: Pick<Context, "db" | "config">, address: string): StoredNote {
  const note = isUrl(address) ? findNoteAt(ctx.db, address, ctx.config.SITE_URL) : undefined;
  if (note === undefined || note.status === "erased")
    throw new AppError("not_found", "There is no post of this site at that address.");
  return note;
}

async function create(ctx: MicropubContext, request: Create, grant: MicropubSender): Promise<MicropubResult> {
  requireScope(grant, "create", "draft");
  const properties = withPhotoAlts(request.properties, request.commands);
  const input = toNoteInput(properties, micropubSite(ctx, grant));
  // It is a change of the other post, too.
  if (input.translationOf !== undefined) requireScope(grant, "update");
  await fetchBeforeAnswer(ctx, listRemoteFiles(input.properties ?? {}, ctx.config.SITE_URL));
  const isDraft = wantsDraft(properties) === true || !grant.scopes.has("create");
  const save = isDraft ? saveDraft : publishNote;
  const note = await createOnce(ctx, grant, (formKey) =>
    save(ctx, commanded(input, request, formKey), originOf(grant)),
  );
  return { status: 201, location: ctx.config.SITE_URL + paths.note(note) };
}

/** Adds what the commands say, property by property: an author waits, and two spreads of a dozen cost more. */
function commanded(input: NoteInput, { commands, type }: Create, formKey: string | undefined): NoteInput {
  return {
    content: input.content,
    contentFormat: input.contentFormat,
    title: input.title,
    slug: commandText(commands, "slug"),
    tags: input.tags,
    language: commandedLanguage(commands).language ?? input.language,
    visibility: input.visibility,
    publishedAt: input.publishedAt,
    publishedOffset: input.publishedOffset,
    updatedAt: input.updatedAt,
    kind: namedKind(commands) ?? (type === "event" ? "event" : undefined),
    properties: input.properties,
    translationOf: input.translationOf,
    formKey,
  };
}

/** An update builds upon the note as it is: when somebody saves it meanwhile, it is read again and the update applied to that. */
async function update(ctx: MicropubContext, request: Update, grant: MicropubSender): Promise<MicropubResult> {
  await fetchAdded(ctx, request, grant);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await updateOnce(ctx, request, grant);
    } catch (error) {
      const isSavedMeanwhile = error instanceof AppError && error.code === "conflict";
      if (!isSavedMeanwhile || attempt === MAX_SAVE_ATTEMPTS) throw error;
    }
  }
}

/** Fetches the files that an update brings, once it is known that it can be made. */
async function fetchAdded(ctx: MicropubContext, { url, changes }: Update, grant: MicropubGrant): Promise<void> {
  const site = ctx.config.SITE_URL;
  const added = [...listRemoteFiles(changes.replace, site), ...listRemoteFiles(changes.add, site)];
  if (added.length === 0) return;
  toNoteUpdate(requireNoteAt(ctx, url), changes, micropubSite(ctx, grant));
  await fetchBeforeAnswer(ctx, [...new Set(added)]);
}

async function updateOnce(ctx: MicropubContext, request: Update, grant: MicropubSender): Promise<MicropubResult> {
  const note = requireNoteAt(ctx, request.url);
  const { changes, wantsDraft: draft } = toNoteUpdate(note, request.changes, micropubSite(ctx, grant));
  const operation = operationFor(note, draft);
  // A token that may only draft publishes nothing, on no way.
  if (operation === publishDraft && grant.scopes.has("draft")) requireScope(grant, "create");
  const saved = await operation(ctx, note.id, {
    ...(operation === publishDraft ? { publishedAt: note.publishedAt } : {}),
    ...changes,
    ...commandedLanguage(request.commands),
    kind: namedKind(request.commands),
    // The client knows the note by its address, also while it is a draft.
    slug: commandText(request.commands, "slug") ?? note.slug,
    expectedVersion: note.version,
    origin: originOf(grant),
  });
  if (saved.slug === note.slug) return { status: 204 };
  return { status: 201, location: ctx.config.SITE_URL + paths.note(saved) };
}

function originOf({ clientId, doer }: MicropubSender): Origin {
  return { madeBy: clientId, doer };
}

function operationFor(note: StoredNote, draft: boolean | undefined): typeof reviseNote {
  if (draft === false && note.status === "draft") return publishDraft;
  return draft === true && note.status !== "draft" ? retractNote : reviseNote;
}

/** The kind that a client names by the command of our own `mp-post-type`. */
function namedKind(commands: Mf2Properties): NoteKind | undefined {
  const [named] = commands["post-type"] ?? [];
  return NOTE_KINDS.find((kind) => kind === named);
}

/** The language as `mp-lang` or `mp-language` say it, which apps send that know no property of that name. */
function commandedLanguage(commands: Mf2Properties): { language?: string } {
  const language = commandText(commands, "lang") ?? commandText(commands, "language");
  return language === undefined ? {} : { language };
}

function commandText(commands: Mf2Properties, name: string): string | undefined {
  const text = commands[name]?.[0];
  if (text === undefined || typeof text === "string") return text;
  throw invalid(`mp-${name}`, `“mp-${name}” is a text.`);
}

/** `mp-photo-alt` names the alt texts of the photos, in order. */
function withPhotoAlts(properties: Mf2Properties, commands: Mf2Properties): Mf2Properties {
  const alts = commands["photo-alt"] ?? [];
  const photos = properties.photo;
  if (photos === undefined || alts.length === 0) return properties;
  const photo = photos.map((value, index) =>
    typeof value === "string" && typeof alts[index] === "string" ? { value, alt: alts[index] } : value,
  );
  return { ...properties, photo };
}
