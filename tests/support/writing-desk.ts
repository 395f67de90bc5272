import type { IncomingMessage, ServerResponse } from "node:http";
import type { Browser, Page } from "playwright-core";
import { onTestFinished } from "vitest";
import { renderContent } from "../../src/lib/markdown.ts";
import { createRender } from "../../src/web/render.ts";
import { openPage } from "./chromium.ts";
import { servePages } from "./page-server.ts";
import { bareViews } from "./sample-views.ts";

/** Screens on which an author writes. */
export const SCREENS = { desktop: { width: 1280, height: 800 }, phone: { width: 360, height: 740 } } as const;

/** What is suggested at this desk. */
export const KNOWN = {
  tags: [{ name: "sea" }, { name: "seaside" }, { name: "web-dev" }],
  people: [
    { name: "Ada Lovelace", url: "https://ada.example/" },
    { name: "Bo", url: "https://bo.example/" },
  ],
};

type Answer = { readonly status: number; readonly body: unknown };
type Options = {
  readonly screen?: keyof typeof SCREENS;
  readonly javaScriptEnabled?: boolean;
  readonly content?: string;
  /** Of the author's pages; English without. */
  readonly language?: string;
  /** Answers each upload; the first image is `/media/1.png`. It may take its time. */
  readonly upload?: (count: number) => Answer | Promise<Answer>;
  /** Runs in the page before anything else. */
  readonly before?: () => void;
};

/** What the page sent: where, and the text of the note, if it is a form. */
export type SentForm = { readonly path: string; readonly content: string };

const render = createRender();
const written = (count: number): Answer => ({ status: 201, body: { written: `![](/media/${count}.png)` } });

/** The editor of a new note in a real browser, on a server that previews as ours does and keeps nothing. */
export async function openWritingDesk(browser: Browser, options: Options = {}) {
  const sent: SentForm[] = [];
  const upload = options.upload ?? written;
  let uploads = 0;
  const answers: Record<string, (res: ServerResponse, content: string) => Promise<void>> = {
    "/admin/preview": sendPreview,
    "/admin/uploads": async (res) => {
      uploads += 1;
      sendJson(res, await upload(uploads));
    },
    "/admin/completions": async (res) => sendJson(res, { status: 200, body: KNOWN }),
  };
  const take = async (req: IncomingMessage, res: ServerResponse) => {
    const path = req.url ?? "";
    const content = contentIn(req, await readBody(req));
    if (req.method === "POST") sent.push({ path, content });
    await (answers[path] ?? (async () => sendJson(res, { status: 200, body: {} })))(res, content);
  };
  const pages = { "/admin/notes/new": await editorPage(options) };
  // A page that is closed breaks off what it was sending.
  const server = await servePages(pages, (req, res) => void take(req, res).catch(() => res.destroy()));
  const { page, complaints } = await openPage(browser, {
    viewport: SCREENS[options.screen ?? "desktop"],
    javaScriptEnabled: options.javaScriptEnabled ?? true,
    reducedMotion: "reduce",
  });
  if (options.before !== undefined) await page.addInitScript(options.before);
  await page.goto(`${server.url}/admin/notes/new`);
  onTestFinished(async () => {
    await page.context().close();
    await server.close();
  });
  return { page, text: page.locator("#content"), sent, complaints };
}

/** Sets text and selection, `|` or `‹…›` in it, and puts the focus there. */
export async function put(page: Page, marked: string): Promise<void> {
  const text = marked.replace(/[|‹›]/gu, "");
  const start = marked.search(/[|‹]/u);
  const end = marked.includes("›") ? marked.indexOf("›") - 1 : start;
  await page.locator("#content").fill(text);
  await page
    .locator("#content")
    .evaluate((field: HTMLTextAreaElement, at) => field.setSelectionRange(...at), [start, end] as [number, number]);
}

/** Text and selection, written the same way. */
export function read(page: Page): Promise<string> {
  return page.locator("#content").evaluate((field: HTMLTextAreaElement) => {
    const { value, selectionStart: start, selectionEnd: end } = field;
    if (start === end) return `${value.slice(0, start)}|${value.slice(start)}`;
    return `${value.slice(0, start)}‹${value.slice(start, end)}›${value.slice(end)}`;
  });
}

/** Pastes a text, or images of these names, into what has the focus, or drops them onto the text. */
export async function give(
  page: Page,
  how: "paste" | "drop",
  what: { text?: string; images?: string[] },
): Promise<void> {
  await page.locator("#content").evaluate(
    (field, { how, text, images }) => {
      const data = new DataTransfer();
      if (text !== "") data.setData("text/plain", text);
      for (const name of images) data.items.add(new File(["image"], name, { type: "image/png" }));
      const event =
        how === "paste"
          ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
          : new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true });
      field.dispatchEvent(event);
    },
    { how, text: what.text ?? "", images: what.images ?? [] },
  );
}

async function editorPage({ content = "", language = "en" }: Options): Promise<string> {
  const { editor, admin, ...page } = (await bareViews())["admin/editor.njk"];
  const filled = { ...editor, content: { value: content, error: "" } };
  return render("admin/editor.njk", { ...page, admin: { ...admin, language }, editor: filled });
}

function contentIn(req: IncomingMessage, body: string): string {
  if (req.headers["content-type"]?.startsWith("multipart/")) {
    return /name="content"\r\n\r\n([\s\S]*?)\r\n--/u.exec(body)?.[1]?.replaceAll("\r\n", "\n") ?? "";
  }
  return new URLSearchParams(body).get("content") ?? "";
}

async function sendPreview(res: ServerResponse, content: string): Promise<void> {
  const { html } = await renderContent({ content, format: "markdown", anchor: "x" });
  const page = render("fragments/preview.njk", { title: "", contentHtml: html, kind: null, error: "" });
  res.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(page);
}

function sendJson(res: ServerResponse, { status, body }: Answer): void {
  res.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}

async function readBody(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
