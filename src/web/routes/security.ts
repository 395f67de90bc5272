import type { Response, Router } from "express";
import { changePassword } from "../../auth/change-password.ts";
import { PASSKEY_FIELD } from "../../auth/passkey-answer.ts";
import { removePasskey, renamePasskey } from "../../auth/passkeys.ts";
import { beginRegistration, registerPasskey } from "../../auth/register-passkey.ts";
import type { Context } from "../../context/context.ts";
import { AppError } from "../../lib/errors.ts";
import { acting } from "../acting.ts";
import { sendAuthorJson } from "../answer.ts";
import { readForm } from "../form.ts";
import type { NoticeName } from "../notices.ts";
import { withNotice } from "../notices.ts";
import { requireProof } from "../proof.ts";
import { routeId } from "../route-id.ts";
import { createRouter } from "../router.ts";
import type { SecurityProblems } from "../security-view.ts";
import { PASSKEYS, SECURITY, sendSecurity } from "../security-view.ts";
import { currentSession } from "../session-cookie.ts";
import type { Render } from "../views.ts";

/** What a form of the page does, what is said when it is done, and where its errors are shown. */
type Act = {
  readonly res: Response;
  readonly act: () => Promise<void>;
  readonly done: NoticeName;
  readonly problems: (error: AppError) => SecurityProblems;
};

/** How the author signs in: passkeys and the password. Stands behind `requireAuthor`. */
export function securityRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();
  const proof = requireProof(ctx, render);
  const perform = (act: Act) => performAct(ctx, render, act);

  router.get(SECURITY, (_req, res) => sendSecurity(ctx, render, { res }));

  router.post(`${PASSKEYS}/begin`, async (_req, res) => {
    sendAuthorJson(res, await beginRegistration(ctx, currentSession(res).id));
  });

  router.post(PASSKEYS, proof, async (req, res) => {
    const form = await readForm(req);
    const name = form.text("name");
    const made = { answer: form.text(PASSKEY_FIELD), name, sessionId: currentSession(res).id };
    await perform({
      res,
      act: () => registerPasskey(acting(ctx, req), made),
      done: "passkey-added",
      problems: ({ field, message }) => ({
        newPasskey: { name, ...(field === "name" ? { nameError: message } : { error: message }) },
      }),
    });
  });

  router.post(`${PASSKEYS}/:id/rename`, async (req, res) => {
    const name = (await readForm(req)).text("name");
    const id = routeId(req, "passkey");
    await perform({
      res,
      act: () => renamePasskey(acting(ctx, req), id, name),
      done: "passkey-renamed",
      problems: atList,
    });
  });

  router.post(`${PASSKEYS}/:id/remove`, proof, async (req, res) => {
    const id = routeId(req, "passkey");
    await perform({ res, act: () => removePasskey(acting(ctx, req), id), done: "passkey-removed", problems: atList });
  });

  router.post(`${SECURITY}/password`, async (req, res) => {
    const form = await readForm(req);
    const passwords = { current: form.text("current_password"), next: form.text("new_password") };
    await perform({
      res,
      act: () => changePassword(acting(ctx, req), { ...passwords, keepSessionId: currentSession(res).id }),
      done: "password",
      problems: ({ message }) => ({ password: message }),
    });
  });

  return router;
}

function atList({ message }: AppError): SecurityProblems {
  return { passkeys: message };
}

/** Does it and says so; a rule that it breaks is said beside its form. */
async function performAct(ctx: Context, render: Render, { res, act, done, problems }: Act): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof AppError && (error.code === "invalid" || error.code === "conflict"))) throw error;
    return sendSecurity(ctx, render, {
      res,
      status: error.code === "invalid" ? 422 : 409,
      problems: problems(error),
    });
  }
  res.redirect(303, withNotice(SECURITY, done));
}
