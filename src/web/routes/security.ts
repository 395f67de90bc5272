import type { Router } from "express";
import { changePassword } from "../../auth/change-password.ts";
import { turnPasswordOff, turnPasswordOn } from "../../auth/password-switch.ts";
import type { Context } from "../../context/context.ts";
import type { AppError } from "../../lib/errors.ts";
import { acting } from "../acting.ts";
import { readForm } from "../form.ts";
import { requireProof } from "../proof.ts";
import { createRouter } from "../router.ts";
import type { SecurityAct } from "../security-act.ts";
import { performAct } from "../security-act.ts";
import type { SecurityProblems } from "../security-view.ts";
import { SECURITY, sendSecurity } from "../security-view.ts";
import { currentSession } from "../session-cookie.ts";
import type { Render } from "../views.ts";
import { passkeysRoutes } from "./passkeys.ts";
import { secondStepRoutes } from "./second-step.ts";

/** How the author signs in: passkeys, the password, and its second step. Stands behind `requireAuthor`. */
export function securityRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();
  const proof = requireProof(ctx, render);
  const perform = (act: SecurityAct) => performAct(ctx, render, act);

  router.get(SECURITY, (_req, res) => sendSecurity(ctx, render, { res }));

  router.post(`${SECURITY}/password`, async (req, res) => {
    const form = await readForm(req);
    const passwords = { current: form.text("current_password"), next: form.text("new_password") };
    await perform({
      res,
      act: () => changePassword(acting(ctx, req), { ...passwords, keepSessionId: currentSession(res).id }),
      done: "password",
      problems: ({ said }) => ({ password: said }),
    });
  });

  const atSwitch = ({ said }: AppError): SecurityProblems => ({ passwordSwitch: said });

  router.post(`${SECURITY}/password/off`, proof, async (req, res) => {
    const act = () => turnPasswordOff(acting(ctx, req));
    await perform({ res, act, done: "password-off", problems: atSwitch });
  });

  router.post(`${SECURITY}/password/on`, proof, async (req, res) => {
    const act = () => turnPasswordOn(acting(ctx, req));
    await perform({ res, act, done: "password-on", problems: atSwitch });
  });

  router.use(passkeysRoutes(ctx, render));
  router.use(secondStepRoutes(ctx, render));
  return router;
}
