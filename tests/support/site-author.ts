import type { Agent } from "node:http";
import { request } from "node:http";
import { formTo } from "./forms.ts";
import { runProgram } from "./server-process.ts";

/** The origin that the site of a real process calls itself, whatever its port. */
export const PROCESS_SITE_URL = "http://blog.example";

/** The password of that author. */
export const PROCESS_PASSWORD = "a quiet walk at dusk";

/** A site that was set up, and all that its author and her apps need to write on it. */
export type ProcessSite = { readonly env: Readonly<Record<string, string>>; readonly token: string };

/** The author's login: the cookie, and the token that goes with it in forms. */
export type ProcessLogin = { readonly cookie: string; readonly csrfToken: string };

/** A note that is sent to a server. */
export type SentNote = {
  readonly content: string;
  readonly tags: readonly string[];
  readonly way: "form" | "json" | "admin";
  /** Of the admin form: the same again is the same note. */
  readonly formKey: string;
};

/** Sets a site up by the command line, with an app that may write. */
export async function setUpSite(dataDir: string): Promise<ProcessSite> {
  const env = { DATA_DIR: dataDir, SITE_URL: PROCESS_SITE_URL };
  await runProgram({ words: ["setup", "--name", "Ada", "--password-stdin"], env, stdin: `${PROCESS_PASSWORD}\n` });
  const words = ["token", "create", "--scope", "create", "--client", "https://app.example/"];
  const { stdout } = await runProgram({ words, env });
  return { env, token: stdout.trim() };
}

/** Logs the author in, as a browser does. */
export async function logInAt(port: number): Promise<ProcessLogin> {
  const page = await send({ port, path: "/login" });
  const { fields } = formTo(page.body, "/login");
  const form = new URLSearchParams({ ...(fields as Record<string, string>), password: PROCESS_PASSWORD }).toString();
  const { cookie } = await send({ port, path: "/login", body: form, headers: { Cookie: page.cookie } });
  const editor = await send({ port, path: "/admin/notes/new", headers: { Cookie: cookie } });
  return { cookie, csrfToken: String(formTo(editor.body, "/admin/notes").fields.csrf_token) };
}

/** Sends a note, and resolves with the status and where the note is. Rejects when the server goes away. */
export function sendNote(
  to: { readonly port: number; readonly agent?: Agent; readonly site: ProcessSite; readonly login: ProcessLogin },
  note: SentNote,
): Promise<Answer> {
  const { port, agent, login } = to;
  if (note.way === "admin") {
    const tags = note.tags.join(", ");
    const fields = { csrf_token: login.csrfToken, content: note.content, tags, form_key: note.formKey };
    const body = new URLSearchParams(fields).toString();
    return send({ port, agent, path: "/admin/notes", body, headers: { Cookie: login.cookie } });
  }
  const headers = { Authorization: `Bearer ${to.site.token}` };
  if (note.way === "json") {
    const properties = { content: [note.content], category: note.tags };
    const body = JSON.stringify({ type: ["h-entry"], properties });
    return send({ port, agent, path: "/micropub", body, headers: { ...headers, "Content-Type": "application/json" } });
  }
  const fields = [["h", "entry"], ["content", note.content], ...note.tags.map((tag) => ["category[]", tag])];
  return send({ port, agent, path: "/micropub", body: new URLSearchParams(fields).toString(), headers });
}

/** Asks the search of the site for a word, as a reader does. Rejects when the server goes away. */
export function searchAt(to: { readonly port: number; readonly agent?: Agent }, word: string): Promise<Answer> {
  return send({ ...to, path: `/search?q=${encodeURIComponent(word)}` });
}

type Answer = { readonly status: number; readonly location: string; readonly cookie: string; readonly body: string };
type Sending = {
  readonly port: number;
  readonly path: string;
  readonly agent?: Agent | undefined;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

function send({ port, path, agent, body, headers = {} }: Sending): Promise<Answer> {
  const type = body === undefined ? {} : { "Content-Type": "application/x-www-form-urlencoded" };
  const method = body === undefined ? "GET" : "POST";
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port, path, method, agent, headers: { ...type, ...headers } };
    const sent = request(options, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () => {
        const { location = "", "set-cookie": cookies = [] } = answer.headers;
        const cookie = cookies.map((line) => line.split(";")[0]).join("; ");
        resolve({ status: answer.statusCode ?? 0, location, cookie, body: Buffer.concat(chunks).toString() });
      });
    });
    sent.setTimeout(30_000, () => sent.destroy(new Error(`${path} does not answer`)));
    sent.on("error", reject);
    sent.end(body);
  });
}
