import type { Router } from "express";
import { proofHolder } from "../../auth/proof.ts";
import { isProofFresh } from "../../auth/sessions.ts";
import { beginPasskeyUse } from "../../auth/use-passkey.ts";
import type { Context } from "../../context/context.ts";
import { sendAuthorJson } from "../answer.ts";
import { readForm } from "../form.ts";
import { queryText } from "../input.ts";
import { askForProof, PASSKEY_PROOF_PATH, PROOF_PATH, tryProof } from "../proof.ts";
import { createRouter } from "../router.ts";
import { currentSession } from "../session-cookie.ts";
import type { Render } from "../views.ts";
import { parseWayBack } from "../way-back.ts";

/** The page that asks whether it is still the author, for pages that lead on from it. Stands behind `requireAuthor`. */
export function proofRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();

  router.get(PROOF_PATH, async (req, res) => {
    const next = parseWayBack(queryText(req, "next") ?? "");
    if (isProofFresh(ctx, currentSession(res))) return res.redirect(303, next);
    askForProof(ctx, render, { req, res, form: await readForm(req), error: "", status: 200 });
  });

  router.post(PROOF_PATH, async (req, res) => {
    const form = await readForm(req);
    const error = await tryProof(ctx, req, form);
    if (error !== undefined) return askForProof(ctx, render, { req, res, form, error });
    res.redirect(303, parseWayBack(queryText(req, "next") ?? ""));
  });

  router.post(PASSKEY_PROOF_PATH, async (_req, res) => {
    const holder = proofHolder(currentSession(res));
    sendAuthorJson(res, await beginPasskeyUse(ctx, { purpose: "confirm", holder }));
  });

  return router;
}
