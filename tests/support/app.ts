import request from "supertest";
import { onTestFinished } from "vitest";
import { createSite } from "../../src/app.ts";
import type { TestContext, TestOverrides } from "./context.ts";
import { openTestContext } from "./context.ts";
import type { RawAnswer } from "./server.ts";
import { listen } from "./server.ts";

/** Public origin in tests. Plain http, since the agent would not send `Secure` cookies to the server. */
export const SITE_URL = "http://blog.example";

/** A running application with an agent that keeps cookies. */
export type TestApp = TestContext & {
  readonly http: ReturnType<typeof request.agent>;
  readonly port: number;
  /** Sends bytes as they are, on a connection of their own, and reads until the server closes it. */
  readonly raw: (bytes: string | Buffer) => Promise<RawAnswer>;
};

/** Starts the application on a port of its own; everything is taken down when the running test has ended. */
export async function testApp(overrides: TestOverrides = {}): Promise<TestApp> {
  const app = await openTestApp(overrides);
  onTestFinished(app.close);
  return app;
}

/** The same outside of a test, in `beforeAll` for instance; whoever asks for it closes it. */
export async function openTestApp(
  overrides: TestOverrides = {},
): Promise<Omit<TestApp, "close"> & { close(): Promise<void> }> {
  const context = await openTestContext({ ...overrides, config: { SITE_URL, ...overrides.config } });
  const server = await listen(createSite(context.ctx).listener);
  return {
    ...context,
    ...server,
    http: request.agent(`http://127.0.0.1:${server.port}`),
    async close() {
      await server.close();
      context.close();
    },
  };
}
