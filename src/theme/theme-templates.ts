import { createRequire } from "node:module";
import type { Environment, Template } from "nunjucks";
import { addWords } from "../lib/view-words.ts";
import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";
import type { BuiltInViews } from "./built-in-views.ts";
import type { ThemeProblem } from "./theme-problem.ts";
import { toThemeProblem } from "./theme-problem.ts";

/** Templates that a theme may have in place of ours: those of readers' pages. The author's own pages stay as they are. */
const OURS_ALONE = /^(?:admin|auth|fragments)\/|^layouts\/(?:admin|door)\.njk$/;

/** Templates that a page stands in: what they leave out, every page lacks. */
const LAYOUT = /^layouts\//;

const require = createRequire(import.meta.url);

/** The author's templates on top of the built-in ones. */
export type ThemeTemplates = {
  /** Throws what the engine throws. */
  readonly render: (template: string, view: object) => string;
  /** What is wrong with the files: each of those is passed over. */
  readonly problems: readonly ThemeProblem[];
};

/** Templates that may stand within one another; more are a circle. */
export const MAX_NESTING = 40;

/** What the engine makes of a template. Whoever includes, imports or extends it runs its root function. */
type Compiled = Template & {
  compile(): void;
  blocks: Readonly<Record<string, unknown>>;
  rootRenderFunc: (...parts: unknown[]) => unknown;
};

/** Whether a template is one that a theme may replace. */
export function isThemeable(template: string): boolean {
  return !OURS_ALONE.test(template);
}

/**
 * Compiles the author's templates, by path in the theme folder, on top of the built-in ones. A file that does not compile,
 * stands in for none that there is or may be, or is a layout without a block that pages fill, is passed over, and said.
 * `assetPath` is what templates call `asset`.
 */
export function compileTheme(
  own: ReadonlyMap<string, string>,
  builtIn: BuiltInViews,
  assetPath: (name: string) => string,
): ThemeTemplates {
  const problems = [...own].flatMap(([name, source]) => checkTemplate({ name, source }, builtIn) ?? []);
  const bad = new Set(problems.map(({ file }) => file));
  const environment = createEnvironment(builtIn, (name) => (bad.has(name) ? undefined : own.get(name)));
  addWords(environment).addGlobal("asset", assetPath);
  return { problems, render: (template, view) => environment.render(template, view) };
}

function createEnvironment(builtIn: BuiltInViews, findOwn: (name: string) => string | undefined): Environment {
  const nunjucks = require("nunjucks") as typeof import("nunjucks");
  // Names are keys of a list that was made before: nothing is looked for on the disk, so no name leads out of the folder.
  const getSource = (name: string) => {
    const ours = Object.hasOwn(builtIn.sources, name) ? builtIn.sources[name] : undefined;
    const src = findOwn(name) ?? ours;
    return src === undefined ? null : { src, path: name, noCache: false };
  };
  return limitNesting(new nunjucks.Environment({ getSource } as never, builtIn.options));
}

/** Without it a template that includes itself holds the process up for a minute, until the stack is full. */
function limitNesting(environment: Environment): Environment {
  const find = environment.getTemplate.bind(environment) as (...parts: unknown[]) => Compiled | undefined;
  const limited = new WeakSet<Compiled>();
  let nesting = 0;

  function limit(template: Compiled | null | undefined): Compiled | null | undefined {
    if (template == null || limited.has(template)) return template;
    limited.add(template);
    template.compile();
    const render = template.rootRenderFunc;
    template.rootRenderFunc = (...given) => {
      if (nesting >= MAX_NESTING) throw new Error(said`Templates stand within one another in a circle.`.toString());
      nesting += 1;
      try {
        return render(...given);
      } finally {
        nesting -= 1;
      }
    };
    return template;
  }

  // Pages are asked for by name; what they include, import and extend comes by a callback, at once.
  environment.getTemplate = ((...parts: unknown[]) => {
    const limiting = parts.map((part) =>
      typeof part === "function" ? (error: unknown, template: Compiled) => part(error, limit(template)) : part,
    );
    return limit(find(...limiting));
  }) as never;
  return environment;
}

type Named = { readonly name: string; readonly source: string };

function checkTemplate({ name, source }: Named, builtIn: BuiltInViews): ThemeProblem | undefined {
  const problem = (reason: Words) => ({ file: name, line: 0, reason: reason.toString() });
  if (!isThemeable(name)) return problem(said`The author's own pages and the login cannot be changed by a theme.`);
  try {
    const blocks = blocksOf({ name, source }, builtIn);
    const ours = Object.hasOwn(builtIn.sources, name) ? builtIn.sources[name] : undefined;
    if (!LAYOUT.test(name) || ours === undefined) return undefined;
    const missing = blocksOf({ name, source: ours }, builtIn).find((block) => !blocks.includes(block));
    return missing === undefined ? undefined : problem(`It has no block “${missing}”, which pages fill.`);
  } catch (error) {
    return toThemeProblem(error, name);
  }
}

function blocksOf({ name, source }: Named, builtIn: BuiltInViews): string[] {
  const environment = createEnvironment(builtIn, (wanted) => (wanted === name ? source : undefined));
  const template = environment.getTemplate(name) as Compiled;
  template.compile();
  return Object.keys(template.blocks);
}
