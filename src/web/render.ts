import { createRequire } from "node:module";
import { join } from "node:path";
import type { ConfigureOptions, Environment } from "nunjucks";
import type { Recorder } from "../lib/measure.ts";
import { measure } from "../lib/measure.ts";
import { IS_SOURCE, ROOT } from "../lib/root.ts";
import { addWords, inWordsOf, VIEW_WORDS } from "../lib/view-words.ts";
import type { Render } from "./views.ts";

/** The folder of templates. */
export const VIEWS_FOLDER = join(ROOT, "views");

/** Renders a template by its name. */
type RenderAny = (template: string, view: object) => string;

/** What the build makes of the templates. */
type BuiltViews = {
  createPages(words: typeof VIEW_WORDS): Readonly<Record<string, ((view: object) => string) | undefined>>;
  createEnvironment(): Environment;
};

const require = createRequire(import.meta.url);

/**
 * Creates the function that turns a template and its view into HTML. Everything is escaped but what a template marks
 * `| safe`; printing a missing or null value throws. An error names the template and keeps its cause. Templates are
 * those of `folder`, or of this program: the build has made code of them, so that a start need not.
 */
export function createRender(folder?: string): Render {
  const loaded: { render?: RenderAny } = {};

  return (template, view) => {
    loaded.render ??= folder === undefined ? loadOwn() : loadFolder(folder);
    try {
      const render = loaded.render;
      return inWordsOf(view, () => render(template, view));
    } catch (error) {
      // Nunjucks names the file but not which page was asked for, and an error in a macro names the macro's file only.
      throw new Error(`The template ${template} cannot be rendered: ${messageOf(error)}`, { cause: error });
    }
  };
}

/** Records every page and fragment under the name of its template. */
export function measuredRender(render: Render, metrics: Recorder): Render {
  return (template, view) => measure(metrics, { type: "render", name: template }, () => render(template, view));
}

/** Those of this program, the same for every site of a process, such as the hundreds of a test. */
const own: { render?: RenderAny } = {};

function loadOwn(): RenderAny {
  own.render ??= IS_SOURCE ? loadFolder(VIEWS_FOLDER) : loadBuilt();
  return own.render;
}

/**
 * Loads the templates with the first page: a process that answers only /health never pays for them. Those of readers'
 * pages are functions, see scripts/compile-views.mjs; with the first other one Nunjucks comes.
 */
function loadBuilt(): RenderAny {
  const { createPages, createEnvironment } = require(join(ROOT, "dist", "views.cjs")) as BuiltViews;
  const pages = createPages(VIEW_WORDS);
  const loaded: { environment?: Environment } = {};
  return (template, view) => {
    const page = pages[template];
    if (page !== undefined) return page(view);
    loaded.environment ??= addWords(createEnvironment());
    return loaded.environment.render(template, view);
  };
}

function loadFolder(folder: string): RenderAny {
  const nunjucks = require("nunjucks") as typeof import("nunjucks");
  const options = require(join(VIEWS_FOLDER, "nunjucks.json")) as ConfigureOptions;
  const loader = new nunjucks.FileSystemLoader(folder, { watch: false, noCache: false });
  const environment = addWords(new nunjucks.Environment(loader, options));
  return (template, view) => environment.render(template, view);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
