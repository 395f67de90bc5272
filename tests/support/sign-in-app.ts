import { createHash } from "node:crypto";
import { expect } from "vitest";
import type { FetchResult } from "../../src/lib/safe-fetch.ts";
import type { TestApp } from "./app.ts";
import { formTo, submit } from "./forms.ts";

/** The app of tests, its way back and its verifier. */
export const CLIENT = "https://app.example/";
export const REDIRECT = "https://app.example/cb";
export const VERIFIER = "verifier-".repeat(6);

/** A web in which the app of tests says its name. */
export async function appWeb(url: string): Promise<FetchResult> {
  const headers = new Map([["content-type", "application/json"]]);
  const body = Buffer.from(JSON.stringify({ client_id: CLIENT, client_name: "An app" }));
  return { ok: true, status: url === CLIENT ? 200 : 404, headers, body, url };
}

/** Path to which the app sends the author. */
export function authorizationPath(scope: string): string {
  const code_challenge = createHash("sha256").update(VERIFIER).digest("base64url");
  const asked = { response_type: "code", client_id: CLIENT, redirect_uri: REDIRECT, state: "a state" };
  return `/auth?${new URLSearchParams({ ...asked, scope, code_challenge, code_challenge_method: "S256" })}`;
}

/** Lets the app in and returns the code that it gets. */
export async function letIn(app: TestApp, scope: string): Promise<string> {
  const page = await app.http.get(authorizationPath(scope)).expect(200);
  const answer = await submit(app.http, formTo(page.text, "/auth"), { decision: "approve" });
  return new URL(answer.headers.location ?? "").searchParams.get("code") ?? "";
}

/** What the app sends for its code. */
export function redemption(code: string): Record<string, string> {
  const fixed = { grant_type: "authorization_code", client_id: CLIENT, redirect_uri: REDIRECT };
  return { ...fixed, code, code_verifier: VERIFIER };
}

/** What the app gets for a code, or for a refresh token. */
export type AppTokens = { readonly access_token: string; readonly refresh_token: string; readonly scope: string };

/** Signs the app in. */
export async function signIn(app: TestApp, scope: string): Promise<AppTokens> {
  const code = await letIn(app, scope);
  const answer = await app.http.post("/token").type("form").send(redemption(code));
  expect(answer.status).toBe(200);
  return answer.body as AppTokens;
}

/** Asks for the next tokens. */
export function refresh(app: TestApp, refresh_token: string, scope = "") {
  const asked = { grant_type: "refresh_token", client_id: CLIENT, refresh_token, ...(scope !== "" && { scope }) };
  return app.http.post("/token").type("form").send(asked);
}

/** Writes a note as the app does. */
export function post(app: TestApp, token: string, content: string) {
  return app.http.post("/micropub").set("Authorization", `Bearer ${token}`).type("form").send({ h: "entry", content });
}
