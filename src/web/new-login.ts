import type { Response } from "express";
import { findNewLogin } from "../auth/sessions.ts";
import type { Context } from "../context/context.ts";
import { adminLanguage } from "../site/language.ts";
import { readSettings } from "../site/settings-store.ts";
import { ago } from "./ago.ts";
import { deviceName } from "./device-name.ts";
import { currentSession } from "./session-cookie.ts";
import type { NewLoginView } from "./views.ts";

/** The page of the author's logins. */
export const LOGINS_PATH = "/admin/logins";

/** A login that the author was not asked about yet, as every page of the others shows it; null: there is none. */
export function newLoginView(ctx: Pick<Context, "db" | "clock">, res: Response): NewLoginView | null {
  const session = findNewLogin(ctx, currentSession(res).id);
  if (session === undefined) return null;
  const { req } = res;
  return {
    device: deviceName(session.userAgent),
    network: session.network,
    when: ago(session.createdAt, ctx.clock(), adminLanguage(readSettings(ctx.db))),
    knownPath: `${LOGINS_PATH}/${session.id}/known`,
    endPath: `${LOGINS_PATH}/${session.id}/end`,
    backPath: req.method === "GET" ? req.originalUrl : LOGINS_PATH,
  };
}
