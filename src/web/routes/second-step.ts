import type { Response, Router } from "express";
import { offerSecret, renewRecoveryCodes, turnOffSecondStep, turnOnSecondStep } from "../../auth/second-step.ts";
import { findSecondStep } from "../../auth/second-step-store.ts";
import type { Context } from "../../context/context.ts";
import { AppError } from "../../lib/errors.ts";
import { said } from "../../lib/words.ts";
import { acting } from "../acting.ts";
import { adminPage } from "../admin-view.ts";
import { sendAuthorPage } from "../answer.ts";
import { readForm } from "../form.ts";
import { withNotice } from "../notices.ts";
import { requireProof } from "../proof.ts";
import { drawQr } from "../qr.ts";
import { createRouter } from "../router.ts";
import { requireRefusal, statusOf } from "../security-act.ts";
import { SECURITY, sendSecurity } from "../security-view.ts";
import { currentSession } from "../session-cookie.ts";
import type { Render } from "../views.ts";

const SECOND_STEP = `${SECURITY}/second-step`;

/** The second step after the password, and its recovery codes. Stands behind `requireAuthor`. */
export function secondStepRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();
  const proof = requireProof(ctx, render);

  router.get(SECOND_STEP, async (_req, res) => {
    if (findSecondStep(ctx.db)) return res.redirect(303, SECURITY);
    await sendOffer(ctx, render, { res });
  });

  router.post(SECOND_STEP, async (req, res) => {
    const form = await readForm(req);
    const secret = form.text("secret");
    const choice = { secret, code: form.text("code"), password: form.text("current_password") };
    const codes = await turnOnSecondStep(acting(ctx, req), { ...choice, sessionId: currentSession(res).id }).catch(
      requireRefusal,
    );
    if (codes instanceof AppError) return sendOffer(ctx, render, { res, secret, error: codes });
    sendCodes(ctx, render, { res, codes, isFirst: true });
  });

  router.post(`${SECOND_STEP}/off`, proof, async (req, res) => {
    await turnOffSecondStep(acting(ctx, req));
    res.redirect(303, withNotice(SECURITY, "second-step-off"));
  });

  router.post(`${SECOND_STEP}/recovery-codes`, proof, async (req, res) => {
    const codes = await renewRecoveryCodes(acting(ctx, req)).catch(requireRefusal);
    if (codes instanceof AppError) {
      return sendSecurity(ctx, render, { res, status: 409, problems: { secondStep: codes.said } });
    }
    sendCodes(ctx, render, { res, codes, isFirst: false });
  });

  return router;
}

/** The page that offers the second step; after a refusal with the secret that the app has by then. */
async function sendOffer(
  ctx: Context,
  render: Render,
  { res, secret, error }: { res: Response; secret?: string; error?: AppError },
): Promise<void> {
  const offered = await offerSecret(ctx, secret);
  const errorAt = (field: string) => (error?.field === field ? error.said : "");
  const html = render("admin/second-step.njk", {
    ...adminPage(ctx, res, { section: "security", title: said`Second step` }),
    securityPage: SECOND_STEP,
    qr: await drawQr(offered.address),
    secret: offered.secret,
    shownSecret: offered.secret.replace(/.{4}(?=.)/g, "$& "),
    error: error !== undefined && error.field === undefined ? error.said : "",
    code: { value: "", error: errorAt("code") },
    password: { value: "", error: errorAt("current_password") },
  });
  sendAuthorPage(res, { html, status: error === undefined ? 200 : statusOf(error) });
}

function sendCodes(
  ctx: Context,
  render: Render,
  { res, codes, isFirst }: { res: Response; codes: string[]; isFirst: boolean },
): void {
  const page = adminPage(ctx, res, { section: "security", title: said`Recovery codes` });
  const html = render("admin/recovery-codes.njk", { ...page, securityPage: SECOND_STEP, codes, isFirst });
  sendAuthorPage(res, { html });
}
