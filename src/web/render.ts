import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { Environment } from "nunjucks";
import type { Render } from "./views.ts";

/** The folder of templates. It stands beside `src` and `dist` alike. */
export const VIEWS_FOLDER = fileURLToPath(new URL("../../views", import.meta.url));

/**
 * Creates the function that turns a template and its view into HTML. Everything is escaped but what a template marks
 * `| safe`; printing a missing or null value throws. An error names the template and keeps its cause.
 */
export function createRender(folder: string = VIEWS_FOLDER): Render {
  const loaded: { environment?: Environment } = {};

  return (template, view) => {
    loaded.environment ??= createEnvironment(folder);
    try {
      return loaded.environment.render(template, view);
    } catch (error) {
      // Nunjucks names the file but not which page was asked for, and an error in a macro names the macro's file only.
      throw new Error(`The template ${template} cannot be rendered: ${messageOf(error)}`, { cause: error });
    }
  };
}

/** Loads Nunjucks on the first page rather than at start: a process that answers only /health never pays for it. */
function createEnvironment(folder: string): Environment {
  const nunjucks = createRequire(import.meta.url)("nunjucks") as typeof import("nunjucks");
  const loader = new nunjucks.FileSystemLoader(folder, { watch: false, noCache: false });
  return new nunjucks.Environment(loader, {
    autoescape: true,
    throwOnUndefined: true,
    trimBlocks: true,
    lstripBlocks: true,
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
