import { open } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import type { Request, Response, Router } from "express";
import { recordAlone } from "../../audit/record.ts";
import { findLastAttempt, findNextBackupAt, requestBackup } from "../../backup/backup-jobs.ts";
import { freeBytes } from "../../backup/room.ts";
import type { StoredBackup } from "../../backup/stored-backups.ts";
import { backupFolder, findBackupFile, listBackups, removeBackup } from "../../backup/stored-backups.ts";
import type { Context } from "../../context/context.ts";
import { notFound } from "../../lib/errors.ts";
import { formatBytes } from "../../lib/format-bytes.ts";
import { said } from "../../lib/words.ts";
import { changeSettings } from "../../site/change-settings.ts";
import { readSettings } from "../../site/settings-store.ts";
import { acting } from "../acting.ts";
import { operationsPage, shownTime } from "../admin-view.ts";
import { sendAuthorPage } from "../answer.ts";
import { readForm } from "../form.ts";
import { withNotice } from "../notices.ts";
import { requireProof } from "../proof.ts";
import { createRouter } from "../router.ts";
import { isHangUp } from "../stream.ts";
import type { BackupsView, Render } from "../views.ts";

const BACKUPS = "/admin/backups";

/** Backups of the whole site: list, make, fetch, delete. Stands behind `requireAuthor`. */
export function backupsRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();

  router.get(BACKUPS, async (_req, res) => {
    const page = operationsPage(ctx, res, { page: "backups", title: said`Backups` });
    sendAuthorPage(res, { html: render("admin/backups.njk", { ...page, ...(await backupsView(ctx)) }) });
  });

  router.post(BACKUPS, async (req, res) => {
    await requestBackup(acting(ctx, req));
    res.redirect(303, BACKUPS);
  });

  router.post(`${BACKUPS}/schedule`, async (req, res) => {
    const form = await readForm(req);
    await changeSettings(acting(ctx, req), { backups: form.text("backups") });
    res.redirect(303, withNotice(BACKUPS, "settings"));
  });

  const proof = requireProof(ctx, render, { leadsTo: withNotice(BACKUPS, "backups-open") });

  router.get(`${BACKUPS}/:name`, proof, async (req, res) => {
    const backup = requireBackup(ctx, String(req.params.name));
    // It holds everything that there is.
    if (req.method === "GET") await recordAlone(acting(ctx, req), { kind: "backup.download", detail: backup.name });
    await sendArchive(req, res, backup);
  });

  router.post(`${BACKUPS}/:name/delete`, async (req, res) => {
    requireBackup(ctx, req.params.name);
    await recordAlone(acting(ctx, req), { kind: "backup.delete", detail: req.params.name });
    removeBackup(backupFolder(ctx.config), req.params.name);
    ctx.log.info({ event: "backup.delete", request_id: res.locals.requestId }, "backup deleted");
    res.redirect(303, withNotice(BACKUPS, "backup-deleted"));
  });

  return router;
}

type BackupView = BackupsView["backups"][number];

type WantedBackup = { readonly name: string; readonly file: string };

function requireBackup({ config }: Pick<Context, "config">, name: string): WantedBackup {
  const file = findBackupFile(backupFolder(config), name);
  if (file === undefined) throw notFound("backup");
  return { name, file };
}

/** As a file to save; in pieces, however large. */
async function sendArchive(req: Request, res: Response, { name, file }: WantedBackup): Promise<void> {
  const archive = await open(file, "r");
  try {
    const { size } = await archive.stat();
    res.set({
      "Content-Type": "application/zip",
      "Content-Length": String(size),
      "Content-Disposition": `attachment; filename="${name}"`,
      "Cache-Control": "private, no-store",
    });
    if (req.method === "HEAD") res.end();
    else await pipeline(archive.createReadStream({ autoClose: false }), res);
  } catch (error) {
    if (!isHangUp(error)) throw error;
  } finally {
    await archive.close();
  }
}

async function backupsView(ctx: Context): Promise<BackupsView> {
  const folder = backupFolder(ctx.config);
  const backups = listBackups(folder);
  const last = findLastAttempt(ctx);
  const isFailed = last?.state === "failed" || (last?.state === "waiting" && last.reason !== undefined);
  const nextAt = findNextBackupAt(ctx);
  const { DATA_DIR } = ctx.config;
  return {
    backups: backups.map((backup) => toView(ctx, backup)),
    schedule: readSettings(ctx.db).backups,
    next: nextAt === undefined ? "" : shownTime(ctx, nextAt),
    isRunning: last !== undefined && !isFailed && (last.state === "running" || last.state === "waiting"),
    failure: isFailed ? (last?.reason ?? "") : "",
    room: said`${formatBytes(await freeBytes(DATA_DIR))} are free there`,
    folder,
    restoreCommand: `DATA_DIR=${quote(DATA_DIR)} starpunk restore --force ${quote(`${folder}/${backups[0]?.name ?? "FILE"}`)}`,
  };
}

/** A path as a shell takes it. */
function quote(path: string): string {
  return /^[\w/.:@-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

function toView(ctx: Context, { name, kind, term, madeAt, sizeBytes, proof }: StoredBackup): BackupView {
  return {
    name,
    kind: kind === "by_hand" ? said`by hand` : TERM_WORDS[term ?? "scheduled"],
    made: shownTime(ctx, madeAt),
    size: formatBytes(sizeBytes),
    ...proofView(proof),
    downloadPath: `${BACKUPS}/${name}`,
    deletePath: `${BACKUPS}/${name}/delete`,
  };
}

const TERM_WORDS = {
  daily: said`daily`,
  weekly: said`weekly`,
  monthly: said`monthly`,
  scheduled: said`scheduled`,
};

function proofView(proof: StoredBackup["proof"]): Pick<BackupView, "proof" | "badge" | "problem"> {
  if (proof === undefined) return { proof: said`not proved`, badge: "warning", problem: "" };
  if (proof.problem !== "") return { proof: said`failed its proof`, badge: "failed", problem: proof.problem };
  const words = said`proved, ${proof.notes} notes`;
  if (proof.lostMedia === 0) return { proof: words, badge: "ok", problem: "" };
  const problem = said`Of the media files ${proof.lostMedia} were missing or damaged on the disk: starpunk doctor names them.`;
  return { proof: words, badge: "warning", problem };
}
