import { changeSettings } from "../../src/site/change-settings.ts";
import type { TestApp } from "./app.ts";
import { testApp } from "./app.ts";
import { createAuthor } from "./author.ts";

/** A running application of an author in UTC whose site is called Notebook. */
export async function openNotebook(): Promise<TestApp> {
  const app = await testApp();
  await createAuthor(app.ctx);
  await changeSettings(app.ctx, { timeZone: "UTC", siteTitle: "Notebook" });
  return app;
}
