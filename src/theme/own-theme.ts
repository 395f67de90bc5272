import type { Context } from "../context/context.ts";
import { readBuiltInViews } from "./built-in-views.ts";
import type { ThemeAsset } from "./theme-assets.ts";
import { createThemeAssets } from "./theme-assets.ts";
import type { ThemeFile } from "./theme-files.ts";
import {
  fingerprintOf,
  hasThemeFolder,
  listThemeFiles,
  MAX_TEMPLATE_BYTES,
  readThemeFile,
  themeFolder,
} from "./theme-files.ts";
import type { ThemeProblem } from "./theme-problem.ts";
import { formatThemeProblem, toThemeProblem } from "./theme-problem.ts";
import { findThemeFingerprint, updateThemeFingerprint } from "./theme-store.ts";
import type { ThemeTemplates } from "./theme-templates.ts";
import { compileTheme, isThemeable } from "./theme-templates.ts";

/** How often the folder is looked at, at most, in milliseconds. */
export const LOOK_EVERY_MS = 1_000;

/** What a theme is used with. */
export type OwnThemeOptions = {
  /** Is told that readers' pages are other ones from now on. */
  readonly onChange?: () => void;
  /** Milliseconds that only grow. */
  readonly nowMs?: () => number;
};

type ThemeContext = Pick<Context, "config" | "db" | "clock" | "log">;

type State = {
  readonly fingerprint: string;
  readonly files: readonly ThemeFile[];
  readonly templates: ThemeTemplates | undefined;
  readonly assets: ReturnType<typeof createThemeAssets>;
  readonly problems: ThemeProblem[];
};

const NOTHING: State = {
  fingerprint: "",
  files: [],
  templates: undefined,
  assets: createThemeAssets("", []),
  problems: [],
};

/** What came of rendering by the author's templates. */
export type OwnPage = { readonly html: string } | { readonly problem: ThemeProblem };

/**
 * What lies in DATA_DIR/theme, as this process uses it. Without that folder it costs one look for it a second, while pages
 * are asked for.
 */
export class OwnTheme {
  readonly #ctx: ThemeContext;
  readonly #options: OwnThemeOptions;
  readonly #folder: string;
  #state: State = NOTHING;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #written: string | undefined;

  constructor(ctx: ThemeContext, options: OwnThemeOptions = {}) {
    this.#ctx = ctx;
    this.#options = options;
    this.#folder = themeFolder(ctx.config);
  }

  /** Looks whether anything in the folder changed, at most once a second. Calls `onChange` if so. Never throws. */
  look(): void {
    const now = this.#options.nowMs?.() ?? performance.now();
    if (now - this.#lookedAt < LOOK_EVERY_MS) return;
    this.#lookedAt = now;
    if (this.#state === NOTHING && this.#written !== undefined && !hasThemeFolder(this.#folder)) return;
    try {
      this.#lookClosely();
    } catch (error) {
      // A folder that cannot be read, or a database that cannot: readers get the pages that there are.
      this.#note(toThemeProblem(error, "theme"));
    }
  }

  /** The page by the author's templates; undefined where they have no part in it. One that fails is a problem from then on. */
  render(template: string, view: object): OwnPage | undefined {
    this.look();
    const { templates } = this.#state;
    if (templates === undefined || !isThemeable(template)) return undefined;
    try {
      return { html: templates.render(template, view) };
    } catch (error) {
      const problem = toThemeProblem(error, template);
      this.#note(problem);
      return { problem };
    }
  }

  /** Whether any template of readers' pages is the author's own. */
  hasTemplates(): boolean {
    this.look();
    return this.#state.templates !== undefined;
  }

  /** A file of `static/` by its address. */
  findAsset(path: string): ThemeAsset | undefined {
    this.look();
    return this.#state.assets.find(path);
  }

  /** Everything that was wrong since the files last changed. */
  problems(): readonly ThemeProblem[] {
    return this.#state.problems;
  }

  /** Paths of the files, templates and others; none where there is no folder. */
  files(): readonly string[] {
    return this.#state.files.map(({ path }) => path);
  }

  #lookClosely(): void {
    const files = listThemeFiles(this.#folder);
    const fingerprint = files.length === 0 ? "" : fingerprintOf(files);
    if (fingerprint !== this.#state.fingerprint) {
      this.#state = fingerprint === "" ? NOTHING : load(this.#folder, files, fingerprint);
      for (const problem of this.#state.problems) report(this.#ctx, problem);
      this.#options.onChange?.();
    }
    if (this.#written !== fingerprint) this.#write(fingerprint);
    this.#written = fingerprint;
  }

  /** Tells the other processes, and edges, by way of the database. */
  #write(fingerprint: string): void {
    const { db, clock } = this.#ctx;
    if ((findThemeFingerprint(db) ?? "") === fingerprint) return;
    db.write(() => updateThemeFingerprint(db, fingerprint, clock())).catch((error: unknown) =>
      this.#note(toThemeProblem(error, "theme")),
    );
  }

  /** Keeps a problem, and says it in the log, once. */
  #note(problem: ThemeProblem): void {
    if (this.#state.problems.some((known) => isSame(known, problem))) return;
    if (this.#state === NOTHING) this.#state = { ...NOTHING, problems: [] };
    this.#state.problems.push(problem);
    report(this.#ctx, problem);
  }
}

/** What is wrong with the files of a theme folder, without rendering anything. */
export function checkThemeFolder(folder: string): {
  readonly files: readonly string[];
  readonly problems: readonly ThemeProblem[];
} {
  const files = listThemeFiles(folder);
  const { problems } = files.length === 0 ? NOTHING : load(folder, files, "");
  return { files: files.map(({ path }) => path), problems };
}

function load(folder: string, files: readonly ThemeFile[], fingerprint: string): State {
  const assets = createThemeAssets(folder, files);
  const own = new Map<string, string>();
  const unread: ThemeProblem[] = [];
  for (const { path } of files.filter(({ path }) => path.endsWith(".njk"))) {
    try {
      own.set(path, readThemeFile(folder, path, MAX_TEMPLATE_BYTES).toString("utf8"));
    } catch (error) {
      unread.push(toThemeProblem(error, path));
    }
  }
  const templates = own.size === 0 ? undefined : compileTheme(own, readBuiltInViews(), assets.pathOf);
  return { fingerprint, files, templates, assets, problems: [...unread, ...(templates?.problems ?? [])] };
}

function report({ log }: Pick<Context, "log">, problem: ThemeProblem): void {
  log.warn({ event: "theme.failed", reason: formatThemeProblem(problem).toString() }, "readers see the built-in view");
}

function isSame(one: ThemeProblem, other: ThemeProblem): boolean {
  return formatThemeProblem(one).toString() === formatThemeProblem(other).toString();
}
