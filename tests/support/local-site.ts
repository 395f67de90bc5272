import { createServer } from "node:http";
import { onTestFinished } from "vitest";
import { createSite } from "../../src/app.ts";
import type { TestContext } from "./context.ts";
import { testContext } from "./context.ts";
import { findFreePort } from "./server-process.ts";

/** A running site at the name of this machine, where browsers keep passkeys also over plain http. */
export type LocalSite = TestContext & { readonly url: string };

/** Starts one; it is taken down when the running test has ended. */
export async function startLocalSite(): Promise<LocalSite> {
  const port = await findFreePort();
  const url = `http://localhost:${port}`;
  const context = await testContext({ config: { SITE_URL: url } });
  const server = createServer(createSite(context.ctx).listener);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return { ...context, url };
}
