import type { PasswordCost } from "../../src/auth/password.ts";
import { startSession } from "../../src/auth/sessions.ts";
import { setUp } from "../../src/auth/set-up.ts";
import type { Context } from "../../src/context/context.ts";
import type { TestApp } from "./app.ts";

/** The password of every author in tests. */
export const PASSWORD = "a quiet walk at dusk";

/** A hash that takes a millisecond. */
export const CHEAP: PasswordCost = { ln: 4, r: 1, p: 1 };

/** What a browser calls itself in tests. */
export const USER_AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/** Sets the site up for Ada. */
export async function createAuthor(ctx: Pick<Context, "db" | "clock">, password: string = PASSWORD): Promise<void> {
  const input = { name: "Ada", siteTitle: "Ada writes", password, timeZone: "Europe/Berlin", passwordCost: CHEAP };
  await setUp(ctx, input, "headless");
}

/** A login of the author's, with the header in which its browser sends it. */
export type TestLogin = { readonly id: number; readonly csrfToken: string; readonly cookie: string };

/** Makes a login without asking for the password, about which no other asks. */
export async function createLogin(ctx: Context, address = "192.0.2.7"): Promise<TestLogin> {
  const { session, secret } = await ctx.db.write(() =>
    startSession(ctx, { userAgent: USER_AGENT, address, isKnown: true }),
  );
  const prefix = ctx.config.SITE_URL.startsWith("https:") ? "__Host-" : "";
  return { id: session.id, csrfToken: session.csrfToken, cookie: `${prefix}starpunk_session=${secret}` };
}

/** Sets the site up, and makes the agent of the application the author's browser. */
export async function logInAgent({ ctx, http }: TestApp): Promise<TestLogin> {
  await createAuthor(ctx);
  const login = await createLogin(ctx);
  http.jar.setCookie(login.cookie, "127.0.0.1", "/");
  return login;
}
