import type { DefaultTreeAdapterTypes } from "parse5";
import { parse } from "parse5";
import type { Response, Test } from "supertest";
import type { TestApp } from "./app.ts";

type Element = DefaultTreeAdapterTypes.Element;

/** A form as a browser would send it if nobody touched it. */
export type PageForm = {
  readonly action: string;
  readonly isMultipart: boolean;
  readonly fields: Readonly<Record<string, string | string[]>>;
};

/** Every form of a page. */
export function formsIn(html: string): PageForm[] {
  return elementsIn(parse(html))
    .filter(({ tagName }) => tagName === "form")
    .map((form) => ({
      action: attribute(form, "action"),
      isMultipart: attribute(form, "enctype") === "multipart/form-data",
      fields: fieldsIn(form),
    }));
}

/** The form of a page that leads to `action`. Throws when there is none. */
export function formTo(html: string, action: string): PageForm {
  const form = formsIn(html).find((each) => each.action === action);
  if (form === undefined) throw new Error(`The page has no form to ${action}.`);
  return form;
}

/** Sends a form of a page, with some fields filled in, in its own encoding. */
export function submit(http: TestApp["http"], form: PageForm, filled: Record<string, string | string[]> = {}): Test {
  const fields = { ...form.fields, ...filled };
  if (!form.isMultipart) return http.post(form.action).type("form").send(fields);
  const request = http.post(form.action);
  for (const [name, value] of Object.entries(fields)) for (const each of [value].flat()) request.field(name, each);
  return request;
}

/** Opens a page and sends its form to `action`. */
export async function fillIn(
  http: TestApp["http"],
  page: { readonly path: string; readonly action: string },
  filled: Record<string, string | string[]>,
): Promise<Response> {
  const { text } = await http.get(page.path);
  return submit(http, formTo(text, page.action), filled);
}

function fieldsIn(form: Element): Record<string, string | string[]> {
  const fields: Record<string, string[]> = {};
  for (const element of elementsIn(form)) {
    const value = sentBy(element);
    const name = attribute(element, "name");
    if (name !== "" && value !== undefined) fields[name] = [...(fields[name] ?? []), value];
  }
  return Object.fromEntries(
    Object.entries(fields).map(([name, all]) => [name, all.length === 1 ? (all[0] ?? "") : all]),
  );
}

/** What a browser would send for a control; undefined when it sends nothing. */
function sentBy(element: Element): string | undefined {
  if (element.tagName === "textarea") return textOf(element);
  if (element.tagName === "select") return sentBySelect(element);
  if (element.tagName !== "input") return undefined;
  const type = attribute(element, "type");
  const isBox = type === "checkbox" || type === "radio";
  if (type === "file" || type === "submit" || (isBox && !hasAttribute(element, "checked"))) return undefined;
  return attribute(element, "value") || (isBox ? "on" : "");
}

function sentBySelect(element: Element): string | undefined {
  const options = elementsIn(element).filter(({ tagName }) => tagName === "option");
  const chosen = options.find((option) => hasAttribute(option, "selected")) ?? options[0];
  return chosen && (hasAttribute(chosen, "value") ? attribute(chosen, "value") : textOf(chosen));
}

function elementsIn(node: DefaultTreeAdapterTypes.ParentNode): Element[] {
  return node.childNodes.flatMap((child) => ("tagName" in child ? [child, ...elementsIn(child)] : []));
}

function textOf(element: Element): string {
  return element.childNodes.map((child) => ("value" in child ? child.value : "")).join("");
}

function attribute(element: Element, name: string): string {
  return element.attrs.find((each) => each.name === name)?.value ?? "";
}

function hasAttribute(element: Element, name: string): boolean {
  return element.attrs.some((each) => each.name === name);
}
