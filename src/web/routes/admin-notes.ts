import type { Request, Response, Router } from "express";
import type { Context } from "../../context/context.ts";
import type { Timestamp } from "../../lib/clock.ts";
import { invalid, notFound } from "../../lib/errors.ts";
import { cleanText } from "../../lib/text.ts";
import { said } from "../../lib/words.ts";
import { refetchCitations } from "../../notes/keep-citations.ts";
import type { NoteStatus } from "../../notes/note.ts";
import type { Origin } from "../../notes/note-input.ts";
import type { StoredNote } from "../../notes/note-store.ts";
import { findNote } from "../../notes/note-store.ts";
import { publishDraft, retractNote } from "../../notes/revise.ts";
import { eraseNote, restoreNote, trashNote } from "../../notes/trash.ts";
import { listWrittenNotes } from "../../notes/written-notes-store.ts";
import { findWrittenNotes } from "../../search/search-aside.ts";
import { limitQuery } from "../../search/search-query.ts";
import { adminPage } from "../admin-view.ts";
import { sendAuthorPage } from "../answer.ts";
import { allOffers } from "../autosave-offers.ts";
import { bulkFormView } from "../bulk-view.ts";
import { quickPostView, savedSearchesView } from "../desk-offers.ts";
import { deviceName } from "../device-name.ts";
import { queryText } from "../input.ts";
import { kindFilters, LISTED_STATUSES, noteRows, noteRowViewer, statusCounts } from "../note-rows.ts";
import type { NoticeName } from "../notices.ts";
import { withNotice } from "../notices.ts";
import { createRouter } from "../router.ts";
import type { SearchAddress } from "../search-view.ts";
import { pagesBeside, parseOrder, SCANNED_MESSAGE, searchView } from "../search-view.ts";
import type { Render } from "../views.ts";

/** Notes on one page of the author's list. */
export const NOTES_PER_PAGE = 50;

/** Longest name of a browser that revisions keep, in characters. */
const MAX_DEVICE_LENGTH = 60;

/** Who writes in the browser, as revisions name it, and on which device. */
export function adminOrigin(req: Request): Origin {
  const device = `${deviceName(cleanText(req.get("user-agent") ?? ""))}`;
  return { madeBy: "admin", device: device.slice(0, MAX_DEVICE_LENGTH) };
}

/** The author's list of notes, and what can be done to a note with one button. */
export function adminNotesRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();

  router.get("/admin", (req, res) => sendList(ctx, render, { req, res }));

  router.post("/admin/notes/:id/publish", async (req, res) => {
    const note = await publishDraft(ctx, noteId(req), { origin: adminOrigin(req) });
    redirectToEditor(res, note.id, note.status === "scheduled" ? "scheduled" : "published");
  });

  router.post("/admin/notes/:id/retract", async (req, res) => {
    redirectToEditor(res, (await retractNote(ctx, noteId(req), { origin: adminOrigin(req) })).id, "retracted");
  });

  router.post("/admin/notes/:id/trash", async (req, res) => {
    const { id } = await trashNote(ctx, noteId(req), adminOrigin(req));
    res.redirect(303, withNotice(`/admin?status=trashed&note=${id}`, "trashed"));
  });

  router.post("/admin/notes/:id/restore", async (req, res) => {
    redirectToEditor(res, (await restoreNote(ctx, noteId(req), adminOrigin(req))).id, "restored");
  });

  router.post("/admin/notes/:id/citations", async (req, res) => {
    const note = requireWritten(ctx, req);
    await refetchCitations(ctx, note);
    redirectToEditor(res, note.id, "refetching");
  });

  router.get("/admin/notes/:id/erase", (req, res) => {
    const html = render("admin/erase.njk", {
      ...adminPage(ctx, res, { section: "notes", title: said`Erase for ever?` }),
      note: noteRowViewer(ctx)(requireWritten(ctx, req)),
    });
    sendAuthorPage(res, { html });
  });

  router.post("/admin/notes/:id/erase", async (req, res) => {
    await eraseNote(ctx, noteId(req));
    res.redirect(303, withNotice("/admin?status=trashed", "erased"));
  });

  return router;
}

/** The id in the address. Throws `not_found` for what is no number. */
export function noteId(req: Request): number {
  const id = req.params.id;
  if (typeof id !== "string" || !/^[1-9]\d{0,14}$/u.test(id)) throw notFound("note");
  return Number(id);
}

/** The stored note of the address. Throws `not_found` where there is none, also for an erased one. */
export function requireWritten(ctx: Pick<Context, "db">, req: Request): StoredNote {
  const note = findNote(ctx.db, noteId(req));
  if (note === undefined || note.status === "erased") throw notFound("note");
  return note;
}

/** Leads to the editor of a note, which says what was done. */
export function redirectToEditor(res: Response, id: number, done: NoticeName): void {
  res.redirect(303, withNotice(`/admin/notes/${id}`, done));
}

async function sendList(ctx: Context, render: Render, { req, res }: { req: Request; res: Response }): Promise<void> {
  const status = parseStatus(queryText(req, "status"));
  const query = limitQuery(queryText(req, "q") ?? "").trim();
  const isFirst = query === "" && status === "all" && queryText(req, "before") === undefined;
  const { notes, ...list } = query === "" ? listPage(ctx, req, status) : await searchPage(ctx, req, { query, status });
  const counts = statusCounts(ctx, status);
  const html = render("admin/notes.njk", {
    ...adminPage(ctx, res, { section: "notes", title: said`Notes`, undoPath: undoPath(ctx, req) }),
    rows: noteRows(ctx, notes),
    offers: isFirst ? allOffers(ctx) : [],
    status,
    counts,
    kinds: kindFilters(status, query),
    quick: isFirst ? quickPostView(ctx) : null,
    saved: savedSearchesView(ctx, { query, status, sort: queryText(req, "sort") ?? "" }),
    bulk: bulkFormView(status, query === "" ? counts.find(({ isCurrent }) => isCurrent)?.count : undefined),
    ...list,
  });
  sendAuthorPage(res, { html });
}

/** Finds notes of the author's, and says what the page shows around them. */
async function searchPage(ctx: Context, req: Request, wanted: { query: string; status: NoteStatus | "all" }) {
  const { query, status } = wanted;
  const address: SearchAddress = {
    path: "/admin",
    query,
    order: parseOrder(queryText(req, "sort")),
    status: status === "all" ? "" : status,
  };
  const found = await findWrittenNotes(ctx.db, query, {
    status,
    order: address.order,
    before: queryText(req, "before"),
    after: queryText(req, "after"),
  });
  const message = found.isScanned ? SCANNED_MESSAGE : "";
  return { notes: found.hits, search: searchView(address, found), message, ...pagesBeside(address, found) };
}

/** Where the note comes back from the trash that was just put there. */
function undoPath(ctx: Pick<Context, "db">, req: Request): string {
  const id = queryText(req, "note") ?? "";
  if (queryText(req, "done") !== "trashed" || !/^[1-9]\d{0,14}$/u.test(id)) return "";
  return findNote(ctx.db, Number(id))?.status === "trashed" ? `/admin/notes/${id}/restore` : "";
}

function listPage(ctx: Context, req: Request, status: NoteStatus | "all") {
  const found = listWrittenNotes(ctx.db, {
    status,
    limit: NOTES_PER_PAGE + 1,
    before: parsePlace(queryText(req, "before")),
  });
  const notes = found.slice(0, NOTES_PER_PAGE);
  const last = notes.at(-1);
  const more = found.length > NOTES_PER_PAGE && last !== undefined;
  const filter = status === "all" ? "" : `status=${status}&`;
  return {
    notes,
    search: searchView({ path: "/admin", query: "", order: "newest" }, { suggestion: undefined }),
    message: "",
    previousPath: "",
    nextPath: more ? `/admin?${filter}before=${last.changedAt}_${last.id}` : "",
  };
}

function parsePlace(text: string | undefined): { changedAt: Timestamp; id: number } | undefined {
  if (text === undefined) return undefined;
  const parts = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)_(\d{1,15})$/u.exec(text);
  if (parts === null) throw invalid("before", said`“before” is no place in this list. Begin again at its first page.`);
  return { changedAt: parts[1] as Timestamp, id: Number(parts[2]) };
}

function parseStatus(text: string | undefined): NoteStatus | "all" {
  return LISTED_STATUSES.find(({ status }) => status === text)?.status ?? "all";
}
