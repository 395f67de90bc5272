import type { PageForm } from "./forms.ts";
import { formTo } from "./forms.ts";

/** An answer that was read to its end. */
export type Answer = { readonly status: number; readonly headers: Headers; readonly text: string };

/** A browser with cookies of its own, for a server in another process. It follows no redirect. */
export type Visitor = {
  /** Every answer so far. */
  readonly answers: readonly Answer[];
  /** Every value of a cookie so far. */
  readonly cookies: ReadonlySet<string>;
  send(path: string, init?: RequestInit): Promise<Answer>;
  /** Sends the form of a page that leads to `action`, with some fields filled in and files added. */
  fillIn(page: string, action: string, filled: Filled): Promise<Answer>;
};

type Filled = { readonly fields: Readonly<Record<string, string>>; readonly files?: Readonly<Record<string, File>> };

/** Creates a visitor of the site at `url`, who sends `headers` with each request. */
export function createVisitor(url: string, headers: Readonly<Record<string, string>> = {}): Visitor {
  const jar = new Map<string, string>();
  const answers: Answer[] = [];
  const cookies = new Set<string>();

  const keepCookies = (answer: Response) => {
    for (const line of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      jar.set(name, value);
      if (value !== "") cookies.add(value);
    }
  };

  const send = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const all = {
      ...headers,
      ...(cookie === "" ? {} : { Cookie: cookie }),
      ...(init.headers as Record<string, string>),
    };
    const answer = await fetch(url + path, { redirect: "manual", ...init, headers: all });
    keepCookies(answer);
    answers.push({ status: answer.status, headers: answer.headers, text: await answer.text() });
    return answers.at(-1) as Answer;
  };

  return {
    answers,
    cookies,
    send,
    async fillIn(page, action, filled) {
      const form = formTo((await send(page)).text, action);
      return send(form.action, { method: "POST", body: toBody(form, filled) });
    },
  };
}

function toBody(form: PageForm, { fields, files = {} }: Filled): FormData | URLSearchParams {
  const body = form.isMultipart ? new FormData() : new URLSearchParams();
  for (const [name, value] of Object.entries({ ...form.fields, ...fields })) {
    for (const each of [value].flat()) body.append(name, each);
  }
  if (body instanceof FormData) for (const [name, file] of Object.entries(files)) body.append(name, file);
  return body;
}
