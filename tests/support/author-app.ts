import { testApp } from "./app.ts";
import { logInAgent } from "./author.ts";
import type { TestOverrides } from "./context.ts";

/** A running site whose author is logged in, and what sends forms of the author's with the token of the login. */
export async function authorApp(overrides: TestOverrides = {}) {
  const app = await testApp(overrides);
  const { csrfToken, id } = await logInAgent(app);
  const send = (path: string, fields: Record<string, string | string[]> = {}) =>
    app.http
      .post(path)
      .type("form")
      .send({ csrf_token: csrfToken, ...fields });
  return { ...app, send, csrfToken, sessionId: id };
}
