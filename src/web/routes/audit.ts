import type { Router } from "express";
import type { AuditFormat } from "../../audit/export-audit.ts";
import { AUDIT_FORMATS, exportAudit } from "../../audit/export-audit.ts";
import { recordAlone } from "../../audit/record.ts";
import type { Context } from "../../context/context.ts";
import { said } from "../../lib/words.ts";
import { acting } from "../acting.ts";
import { adminPage } from "../admin-view.ts";
import { sendAuthorPage } from "../answer.ts";
import { AUDIT_PATH, auditLogView, readAuditFilter } from "../audit-view.ts";
import { createRouter } from "../router.ts";
import { sendStream } from "../stream.ts";
import type { Render } from "../views.ts";

/** The audit log: to read, and to take away. Stands behind `requireAuthor`. */
export function auditRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();

  router.get(AUDIT_PATH, (req, res) => {
    const page = adminPage(ctx, res, { section: "security", title: said`Audit log` });
    sendAuthorPage(res, { html: render("admin/audit.njk", { ...page, ...auditLogView(ctx, req) }) });
  });

  for (const format of Object.keys(AUDIT_FORMATS) as AuditFormat[]) {
    router.get(`${AUDIT_PATH}/export.${format}`, async (req, res) => {
      if (req.method === "GET") await recordAlone(acting(ctx, req), { kind: "audit.export", detail: format });
      res.set({
        "Content-Disposition": `attachment; filename="audit.${format}"`,
        "Cache-Control": "private, no-store",
      });
      const chunks = exportAudit(ctx.db, readAuditFilter(req).filter, format);
      await sendStream(req, res, { chunks, mediaType: AUDIT_FORMATS[format] });
    });
  }

  return router;
}
