import type { Request, Response, Router } from "express";
import { PASSKEY_FIELD } from "../../auth/passkey-answer.ts";
import { findPasskeySite } from "../../auth/passkey-site.ts";
import { removePasskey, renamePasskey } from "../../auth/passkeys.ts";
import { beginRegistration, registerPasskey } from "../../auth/register-passkey.ts";
import type { Context } from "../../context/context.ts";
import type { AppError } from "../../lib/errors.ts";
import { acting } from "../acting.ts";
import { sendAuthorJson } from "../answer.ts";
import { readForm } from "../form.ts";
import { withNotice } from "../notices.ts";
import { requireProof } from "../proof.ts";
import { routeId } from "../route-id.ts";
import { createRouter } from "../router.ts";
import { performAct, requireRefusal, statusOf } from "../security-act.ts";
import type { SecurityAnswer, SecurityProblems } from "../security-view.ts";
import { FIRST_PAGE, FIRST_PASSKEY, PASSKEYS, SECURITY, sendFirstPasskey, sendSecurity } from "../security-view.ts";
import { currentSession } from "../session-cookie.ts";
import type { Render } from "../views.ts";

/** The author's passkeys. Stands behind `requireAuthor`. */
export function passkeysRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();
  const proof = requireProof(ctx, render);

  router.post(`${PASSKEYS}/begin`, async (_req, res) => {
    sendAuthorJson(res, await beginRegistration(ctx, currentSession(res).id));
  });

  router.post(PASSKEYS, proof, async (req, res) => {
    await addPasskey(ctx, { req, res, leadsTo: SECURITY, refuse: (answer) => sendSecurity(ctx, render, answer) });
  });

  router.get(FIRST_PASSKEY, (_req, res) => {
    if (findPasskeySite(ctx.config) === undefined) return res.redirect(303, FIRST_PAGE);
    sendFirstPasskey(ctx, render, { res });
  });

  router.post(FIRST_PASSKEY, proof, async (req, res) => {
    await addPasskey(ctx, { req, res, leadsTo: FIRST_PAGE, refuse: (answer) => sendFirstPasskey(ctx, render, answer) });
  });

  router.post(`${PASSKEYS}/:id/rename`, async (req, res) => {
    const name = (await readForm(req)).text("name");
    const id = routeId(req, "passkey");
    await performAct(ctx, render, {
      res,
      act: () => renamePasskey(acting(ctx, req), id, name),
      done: "passkey-renamed",
      problems: atList,
    });
  });

  router.post(`${PASSKEYS}/:id/remove`, proof, async (req, res) => {
    const id = routeId(req, "passkey");
    await performAct(ctx, render, {
      res,
      act: () => removePasskey(acting(ctx, req), { id, keepSessionId: currentSession(res).id }),
      done: "passkey-removed",
      problems: atList,
    });
  });

  return router;
}

function atList({ said }: AppError): SecurityProblems {
  return { passkeys: said };
}

/** A form that adds a passkey: where it leads, and what shows it again. */
type NewPasskey = {
  readonly req: Request;
  readonly res: Response;
  readonly leadsTo: string;
  readonly refuse: (answer: SecurityAnswer) => void;
};

async function addPasskey(ctx: Context, { req, res, leadsTo, refuse }: NewPasskey): Promise<void> {
  const form = await readForm(req);
  const name = form.text("name");
  try {
    const made = { answer: form.text(PASSKEY_FIELD), name, sessionId: currentSession(res).id };
    await registerPasskey(acting(ctx, req), made);
  } catch (error) {
    const refusal = requireRefusal(error);
    const problem = refusal.field === "name" ? { nameError: refusal.said } : { error: refusal.said };
    return refuse({ res, status: statusOf(refusal), problems: { newPasskey: { name, ...problem } } });
  }
  res.redirect(303, withNotice(leadsTo, "passkey-added"));
}
