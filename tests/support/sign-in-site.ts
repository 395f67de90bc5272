import request from "supertest";
import { expect } from "vitest";
import { listOpenSessions } from "../../src/auth/sessions.ts";
import { addIdentity } from "../../src/indieauth/sign-in/identities.ts";
import type { TestApp } from "./app.ts";
import { testApp } from "./app.ts";
import { createAuthor } from "./author.ts";
import type { PageForm } from "./forms.ts";
import { fillIn, formTo, submit } from "./forms.ts";
import type { ProviderPaths } from "./identity-provider.ts";
import { providerFetch, startProvider } from "./identity-provider.ts";

/** Where the login page's second form leads. */
export const BEGIN = "/login/identity";

/** A site that lets the address of a provider in. */
export type SignInSite = TestApp & {
  readonly me: string;
  readonly provider: Awaited<ReturnType<typeof startProvider>>;
};

/** A site with an author, which lets the address of a provider in. */
export async function signInSite(paths: ProviderPaths = {}, fetch = providerFetch): Promise<SignInSite> {
  const provider = await startProvider(paths);
  const app = await testApp({ fetch });
  await createAuthor(app.ctx);
  const me = await addIdentity(app.ctx, provider.me);
  return { ...app, me, provider };
}

/** Sends the form for `me`. */
export function begin({ http }: Pick<TestApp, "http">, me: string, page = "/login") {
  return fillIn(http, { path: page, action: BEGIN }, { me });
}

/** Where the browser is led after a begin that did well. */
export async function leave(app: SignInSite, page = "/login"): Promise<URL> {
  return leaveBy(app.http, formTo((await app.http.get(page)).text, BEGIN), app.me);
}

/** The same from a form of a page that is there. */
export async function leaveBy(http: TestApp["http"], form: PageForm, me: string): Promise<URL> {
  const answer = await submit(http, form, { me });
  expect(answer.status).toBe(200);
  return new URL(/url=(.+)$/.exec(answer.headers.refresh ?? "")?.[1] ?? "");
}

/** The answer of the provider, as the browser brings it. */
export function bring({ http, me }: Omit<SignInSite, "provider">, target: URL, changes: Record<string, string> = {}) {
  const usual = { code: "good", state: target.searchParams.get("state") ?? "", iss: me };
  return http.get(`${BEGIN}/answer?${new URLSearchParams({ ...usual, ...changes })}`);
}

/** How many logins there are. */
export function countLogins({ ctx }: TestApp): number {
  return listOpenSessions(ctx).length;
}

/** The same site in another browser. */
export function otherBrowser<Site extends TestApp>(app: Site): Site {
  return { ...app, http: request.agent(`http://127.0.0.1:${app.port}`) };
}
