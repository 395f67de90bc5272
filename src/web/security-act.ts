import type { Response } from "express";
import type { Context } from "../context/context.ts";
import { AppError } from "../lib/errors.ts";
import type { NoticeName } from "./notices.ts";
import { withNotice } from "./notices.ts";
import type { SecurityProblems } from "./security-view.ts";
import { SECURITY, sendSecurity } from "./security-view.ts";
import type { Render } from "./views.ts";

/** What a form of the page does, what is said when it is done, and where its errors are shown. */
export type SecurityAct = {
  readonly res: Response;
  readonly act: () => Promise<void>;
  readonly done: NoticeName;
  readonly problems: (error: AppError) => SecurityProblems;
};

/** Does it and says so; a rule that it breaks is said beside its form. */
export async function performAct(
  ctx: Context,
  render: Render,
  { res, act, done, problems }: SecurityAct,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    const refusal = requireRefusal(error);
    return sendSecurity(ctx, render, { res, status: statusOf(refusal), problems: problems(refusal) });
  }
  res.redirect(303, withNotice(SECURITY, done));
}

/** A rule that was broken; whatever else is wrong is thrown on. */
export function requireRefusal(error: unknown): AppError {
  if (error instanceof AppError && (error.code === "invalid" || error.code === "conflict")) return error;
  throw error;
}

/** The status of such a refusal. */
export function statusOf({ code }: AppError): number {
  return code === "invalid" ? 422 : 409;
}
