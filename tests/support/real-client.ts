import { expect } from "vitest";
import { changeSettings } from "../../src/site/change-settings.ts";
import type { PkceRule } from "../../src/site/settings.ts";
import type { TestApp } from "./app.ts";
import { SITE_URL, testApp } from "./app.ts";
import { logInAgent } from "./author.ts";
import { elsewhere } from "./elsewhere.ts";
import { formTo, submit } from "./forms.ts";
import type { RawAnswer } from "./server.ts";

/** A set-up site whose author is signed in; what the app says of itself stands at its client_id. */
export async function siteFor(clientId: string, page = "<!doctype html>", pkce: PkceRule = "required") {
  const app = await testApp({ fetch: elsewhere({ [clientId]: page }).fetch });
  await logInAgent(app);
  if (pkce === "optional") await changeSettings(app.ctx, { pkce });
  return app;
}

/** Sends a request byte by byte as an app does: its lines, and its body as it is. */
export function send(app: TestApp, lines: readonly string[], body: string | Buffer = ""): Promise<RawAnswer> {
  const [request, ...headers] = lines;
  const length = body.length === 0 ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  const head = [request, "Host: blog.example", "Connection: close", ...headers, ...length];
  return app.raw(Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), Buffer.from(body)]));
}

/** What an app reads from the `href` of a link in the head, as it stands there. */
export function rawHref(html: string, rel: string): string | undefined {
  return new RegExp(`<link rel="${rel}" href="([^"]*)"`, "u").exec(html)?.[1];
}

/** What an app reads from the Link header, resolved against the site. */
export function inHeader(link: string | undefined, rel: string): string | undefined {
  const links = (link ?? "").split(",").map((each) => /<([^>]*)>; rel="?([^"]*)"?/u.exec(each) ?? []);
  const target = links.find(([, , name]) => name === rel)?.[1];
  return target === undefined ? undefined : new URL(target, SITE_URL).href;
}

/** The author allows what the app asks for; returns where the browser is sent then. */
export async function allow(app: TestApp, authorizationUrl: string): Promise<URL> {
  expect(authorizationUrl.startsWith(`${SITE_URL}/auth?`)).toBe(true);
  const page = await app.http.get(authorizationUrl.slice(SITE_URL.length)).expect(200);
  const answer = await submit(app.http, formTo(page.text, "/auth"), { decision: "approve" });
  expect(answer.status).toBe(303);
  return new URL(answer.headers.location ?? "");
}

/** The JSON of an answer. */
// biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects of it
export function json(answer: RawAnswer): any {
  return JSON.parse(answer.body);
}

/** The path of what an app was told that it made. */
export function madePath(answer: RawAnswer): string {
  expect([answer.status, answer.headers.location]).toEqual([201, expect.stringContaining(`${SITE_URL}/`)]);
  return (answer.headers.location ?? "").slice(SITE_URL.length);
}
