import type { Source } from "./sources.ts";

/** Uses of `| safe` in a template on a name that does not end in Html: "path: what stands there". */
export function findUnsafeOutput({ path, text }: Source): string[] {
  return [...text.matchAll(/([^{}|(]*)\|\s*safe\b/g)]
    .map(([, expression = ""]) => expression.trim())
    .filter((expression) => !/^(\w+\.)*\w*(Html|html)$/.test(expression) || /(^|\.)html$/.test(expression))
    .map((expression) => `${path}: "${expression} | safe": only HTML of lib/, in a field named …Html`);
}

/** Folders of views/ whose files are parts of pages, not pages. */
const PARTS_OF_PAGES = /^(layouts|partials)\//;

/** Templates that a route could render: every file but layouts and partials. */
export function listPages(templates: readonly Source[]): string[] {
  return templates.map(({ path }) => path).filter((path) => !PARTS_OF_PAGES.test(path));
}

/** Names of the templates that the type `Views` has. */
export function listTypedViews(text: string): string[] {
  const [, body = ""] = text.split("export type Views = {");
  return [...body.matchAll(/^ {2}"([^"]+\.njk)":/gm)].map(([, name]) => name ?? "");
}
