import type { Response } from "express";
import type { Context } from "../context/context.ts";
import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";
import { adminPage } from "./admin-view.ts";
import { sendAuthorPage } from "./answer.ts";
import type { KeptForm } from "./kept-form.ts";
import type { Render } from "./views.ts";

/** Why a form is shown again instead of being done. */
export type Resumed = {
  readonly res: Response;
  readonly kept: KeptForm;
  readonly status: number;
  /** A sentence for the author. */
  readonly message: Words;
};

/**
 * Shows a form again, with everything that was in it and with the token of the present login, but does nothing of it.
 * Returns whether it answered: a family of forms answers only for its own actions.
 */
export type Resume = (resumed: Resumed) => boolean | Promise<boolean>;

/** What the author reads after a login that came in between. */
export const SIGNED_IN_AGAIN = said`You are signed in again. Your text is here, not saved yet.`;

const NOT_DONE_YET = said`Your login came in between, so what you sent was not done yet. Nothing of it is lost.`;

/** Shows the form in its own page if some family knows it, else as one button that sends it again. */
export async function resumeForm(
  ctx: Context,
  render: Render,
  resumed: Resumed & { readonly resume?: Resume | undefined },
): Promise<void> {
  const { res, kept, status, message, resume } = resumed;
  if ((await resume?.({ res, kept, status, message })) === true) return;

  const page = adminPage(ctx, res, { section: "none", title: said`Send it again?` });
  const html = render("auth/resume.njk", { ...page, action: kept.action, fields: kept.fields, message: NOT_DONE_YET });
  sendAuthorPage(res, { html, status });
}
