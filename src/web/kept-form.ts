import type { Request } from "express";
import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";
import { bodyType } from "./body.ts";
import type { Form } from "./form.ts";
import { TOKEN_FIELD } from "./form-token.ts";
import type { HiddenField } from "./views.ts";
import { parseWayBack } from "./way-back.ts";

/** A form of the author's that a login came in between: where it was sent, and everything that was in it. */
export type KeptForm = {
  /** Path on this site. */
  readonly action: string;
  /** Without the token of the old login, and without passwords. */
  readonly fields: HiddenField[];
  /** Whether files may have come with it: those are not kept. */
  readonly isMultipart: boolean;
  /** The first value of a field; empty when it was not sent. */
  text(name: string): string;
};

/** Field of the login form that says that a form is kept, even one without any field, and how it was encoded. */
const MARK = "kept";
const MULTIPART = "multipart";
const URLENCODED = "urlencoded";
/** What the names of kept fields begin with, so that none is taken for one of the login form's own. */
const PREFIX = "kept.";

/** What was just sent, to be shown again to its author. */
export function toKeptForm(req: Request, form: Form): KeptForm {
  const sent = [...form.fields].filter(([name]) => name !== TOKEN_FIELD && !/password/i.test(name));
  const fields = sent.flatMap(([name, values]) => values.map((value) => ({ name, value })));
  const isMultipart = bodyType(req) === "multipart/form-data";
  return createKeptForm({ action: parseWayBack(req.originalUrl), fields, isMultipart });
}

/** The hidden fields by which the login page carries a form on. */
export function carryFields(kept: KeptForm | undefined): HiddenField[] {
  if (kept === undefined) return [];
  const mark = { name: MARK, value: kept.isMultipart ? MULTIPART : URLENCODED };
  return [mark, ...kept.fields.map(({ name, value }) => ({ name: PREFIX + name, value }))];
}

/** The form that a login page carried; undefined when there was none. */
export function readKeptForm(form: Form, action: string): KeptForm | undefined {
  if (!form.has(MARK)) return undefined;
  const carried = [...form.fields].filter(([name]) => name.startsWith(PREFIX));
  const fields = carried.flatMap(([name, values]) =>
    values.map((value) => ({ name: name.slice(PREFIX.length), value })),
  );
  return createKeptForm({ action, fields, isMultipart: form.text(MARK) === MULTIPART });
}

/** A kept form as a text, for a login that leads over another site. */
export function packKeptForm({ fields, isMultipart }: KeptForm): string {
  return JSON.stringify({ fields, isMultipart });
}

/** The form that was packed. */
export function unpackKeptForm(packed: string, action: string): KeptForm {
  const { fields, isMultipart } = JSON.parse(packed) as Pick<KeptForm, "fields" | "isMultipart">;
  return createKeptForm({ action, fields, isMultipart });
}

/** What is kept and what is not, for the login page; empty when nothing is. */
export function keptSummary(kept: KeptForm | undefined): Words {
  if (kept === undefined) return "";
  const longest = Math.max(0, ...kept.fields.map(({ value }) => [...value].length));
  if (longest === 0) return said`Your login has ended. Log in to go on.`;
  const length = longest;
  const files = kept.isMultipart ? said` Only images that you chose must be chosen again.` : "";
  return said`Your login has ended. What you wrote (${length} characters) is kept on this page.${files}`;
}

function createKeptForm(kept: Omit<KeptForm, "text">): KeptForm {
  return { ...kept, text: (name) => kept.fields.find((field) => field.name === name)?.value ?? "" };
}
