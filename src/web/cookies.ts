import type { Request, Response } from "express";
import type { Config } from "../config/config.ts";

/** Our cookies: the login, the browser that a form was shown to before any login, and how often its dashboard refreshes. */
export type CookieName = "session" | "form" | "refresh";

/** The value of a cookie; undefined when the browser sent none. */
export function readCookie(req: Request, config: Pick<Config, "SITE_URL">, name: CookieName): string | undefined {
  const prefix = `${fullName(config, name)}=`;
  const pair = (req.headers.cookie ?? "").split(";").find((part) => part.trim().startsWith(prefix));
  return pair?.trim().slice(prefix.length);
}

/** Sets a cookie. Without `maxAgeSeconds` the browser forgets it when it is closed. */
export function setCookie(
  res: Response,
  config: Pick<Config, "SITE_URL">,
  cookie: { name: CookieName; value: string; maxAgeSeconds?: number },
): void {
  const maxAge = cookie.maxAgeSeconds === undefined ? {} : { maxAge: cookie.maxAgeSeconds * 1000 };
  res.cookie(fullName(config, cookie.name), cookie.value, { ...attributes(config), ...maxAge });
}

/** Makes the browser forget a cookie. */
export function clearCookie(res: Response, config: Pick<Config, "SITE_URL">, name: CookieName): void {
  res.clearCookie(fullName(config, name), attributes(config));
}

// `__Host-` keeps other hosts of the domain from setting the cookie; browsers take it with Secure only.
function fullName(config: Pick<Config, "SITE_URL">, name: CookieName): string {
  return isSecure(config) ? `__Host-starpunk_${name}` : `starpunk_${name}`;
}

function attributes(config: Pick<Config, "SITE_URL">) {
  return { httpOnly: true, sameSite: "lax", path: "/", secure: isSecure(config) } as const;
}

function isSecure(config: Pick<Config, "SITE_URL">): boolean {
  return config.SITE_URL.startsWith("https:");
}
