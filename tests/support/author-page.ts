import type { Browser } from "playwright-core";
import type { TestApp } from "./app.ts";
import { createLogin } from "./author.ts";
import { openPage } from "./chromium.ts";

/** The author's browser, logged in, at a page of the running site; `complaints` are those of its console. */
export async function openAuthorPage(
  browser: Browser,
  app: Pick<TestApp, "ctx" | "port">,
  { path, ...options }: { readonly path: string } & Parameters<typeof openPage>[1],
): ReturnType<typeof openPage> {
  const opened = await openPage(browser, options);
  const [name = "", value = ""] = (await createLogin(app.ctx)).cookie.split("=");
  const url = `http://127.0.0.1:${app.port}`;
  await opened.page.context().addCookies([{ name, value, url }]);
  await opened.page.goto(url + path);
  return opened;
}
