import { join } from "node:path";
import { importFolder } from "../../src/backup/import-folder.ts";
import type { Context } from "../../src/context/context.ts";
import { addIdentity } from "../../src/indieauth/sign-in/identities.ts";
import type { Timestamp } from "../../src/lib/clock.ts";
import { addSeconds, systemClock } from "../../src/lib/clock.ts";
import { paths } from "../../src/lib/urls.ts";
import { saveImage } from "../../src/media/save-image.ts";
import type { NoteInput } from "../../src/notes/note-input.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { eraseNote, trashNote } from "../../src/notes/trash.ts";
import { changeSettings } from "../../src/site/change-settings.ts";
import { createAuthor } from "./author.ts";
import { openTestContext } from "./context.ts";
import { generateCorpus, realCorpus } from "./corpus.ts";
import { picture } from "./images.ts";
import type { StressNote } from "./stress-notes.ts";
import { stressNotes } from "./stress-notes.ts";

/** A data folder full of notes, for a program to serve. */
export type FilledSite = {
  readonly ctx: Context;
  /** DATA_DIR. */
  readonly dir: string;
  /** Ids of notes that lists and editors show in each their way. */
  readonly ids: Readonly<Record<"draft" | "scheduled" | "private" | "trashed", number>>;
  readonly close: () => void;
};

const ORIGIN = { madeBy: "admin" };

/**
 * Fills a data folder with the corpus, with notes that strain the look, and with one of every status and visibility.
 * Images on other servers are links from the first note on, so that no job ever asks anyone. Whoever asks closes it.
 */
export async function openFilledSite(): Promise<FilledSite> {
  const { ctx, dir, clock, close } = await openTestContext();
  const now = systemClock();
  clock.set(now);
  await createAuthor(ctx);
  await addIdentity(ctx, "ada.example");
  const face = await saveImage(ctx, { bytes: await picture(240, 240).png().toBuffer() });
  await changeSettings(ctx, {
    remoteImages: "link",
    siteTitle: "Ada writes",
    siteDescription: "What I learned, and what the weather was.",
    authorBio: "Writes programs.\nWalks in the rain.",
    authorLinks: `https://social.example/@ada\nhttps://code.example/${"ada-".repeat(20)}`,
    authorPhoto: face.name,
    footerText: "Words under CC BY 4.0.\nNo cookies.",
  });
  await importFolder(ctx, realCorpus() ?? generateCorpus(join(dir, "corpus")), { overwrite: false, dryRun: false });
  const ids = await publishAll(ctx, now);
  return { ctx, dir, ids, close };
}

/** One an hour, so that all of them are newer than the corpus and in the order of the list. */
async function publishAll(ctx: Context, now: Timestamp): Promise<FilledSite["ids"]> {
  const drawing = await saveImage(ctx, { bytes: await picture(900, 420).png().toBuffer() });
  const notes: StressNote[] = stressNotes(paths.media(drawing.name));
  for (const [index, note] of notes.entries()) {
    await publishNote(ctx, { ...note, publishedAt: addSeconds(now, (index - notes.length) * 3600) }, ORIGIN);
  }
  const publish = async (input: NoteInput) => (await publishNote(ctx, input, ORIGIN)).id;
  const trashed = await publish({ slug: "trashed", title: "Fleeting", content: "Gone from sight." });
  await trashNote(ctx, trashed, ORIGIN);
  const erased = await publish({ slug: "erased", content: "Gone for ever." });
  await trashNote(ctx, erased, ORIGIN);
  await eraseNote(ctx, erased);
  await publish({ slug: "unlisted", title: "Unlisted", content: "Only here.", visibility: "unlisted" });
  return {
    trashed,
    private: await publish({ slug: "private", title: "Private", content: "For me alone.", visibility: "private" }),
    scheduled: await publish({ title: "To come", content: "Later.", publishedAt: addSeconds(now, 400 * 86_400) }),
    draft: (await saveDraft(ctx, { content: "Half a thought, with **weight** and `code`." }, ORIGIN)).id,
  };
}
