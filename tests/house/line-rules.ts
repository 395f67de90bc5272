import type { Source } from "./sources.ts";
import { withoutComments } from "./sources.ts";

/** A rule that one look at a line can check: what may not stand there, in which files it may, and why. */
export type LineRule = { readonly pattern: RegExp; readonly except?: RegExp; readonly why: string };

const SQL =
  /\b(SELECT\s+[\w*(]|INSERT INTO|INSERT OR|UPDATE \w+ SET|UPDATE \w+$|DELETE FROM|CREATE (TABLE|INDEX)|PRAGMA \w)/;

/** Rules about src/, as docs/conventions.md explains them. */
export const LINE_RULES: readonly LineRule[] = [
  { pattern: SQL, except: /-store\.ts$|^db\//, why: "SQL lives in *-store.ts and db/" },
  { pattern: /from "better-sqlite3"/, except: /^db\//, why: "only db/ knows better-sqlite3" },
  { pattern: /\.(pragma|iterate|backup)\(/, why: "it makes a statement that nobody keeps, which aborts Node 24" },
  { pattern: /\bDate\.now\(|new Date\(\)/, except: /^lib\/clock\.ts$/, why: "take the time from ctx.clock" },
  {
    pattern: /(?<![.\w])fetch\(|globalThis\.fetch/,
    except: /^lib\/safe-fetch\.ts$/,
    why: "fetch through lib/safe-fetch.ts",
  },
  {
    pattern: /from "(undici|node:https?)"/,
    except: /^lib\/(send-hop|fetch-failure|http-[a-z-]+)\.ts$|^web\//,
    why: "fetch through lib/safe-fetch.ts",
  },
  { pattern: /from "express"/, except: /^web\//, why: "only web/ knows Express" },
  {
    pattern: /\bexpress\.(json|raw|static|text|urlencoded)\b|"query parser"/,
    why: "scripts/bundle.mjs leaves out what Express brings for it",
  },
  { pattern: /\bprocess\.env\b/, except: /^(main\.ts|cli\/)/, why: "take options from ctx.config" },
  { pattern: /\bURL\.canParse\b/, why: "Node 20 refuses umlauts once it is compiled: lib/is-url.ts" },
  { pattern: /\bapp\.locals\b/, why: "state is passed by hand" },
  { pattern: /^(export )?let /, why: "a module keeps no state" },
  { pattern: /^export default /, why: "an export has one name everywhere" },
  {
    pattern: /\breq\.(host|hostname|protocol|secure|subdomains)\b|headers\.host\b/,
    except: /^web\/same-origin\.ts$/, // There it only says no.
    why: "addresses come from SITE_URL",
  },
  { pattern: /String\(req\.query/, why: "a repeated parameter is an array: read it through web/input.ts" },
  {
    pattern: /import \{[^}]*\bmarked\b[^}]*\} from "marked"/,
    why: "an instance of Marked is ours alone, the global one is not",
  },
];

/** Words that promise what is not there. */
const UNFINISHED: LineRule = { pattern: /\b(TODO|FIXME|XXX|HACK)\b/, why: "finish it, or name it in the changelog" };

/** Names that say nothing about what is inside. */
const EMPTY_NAMES = /(^|[/-])(utils?|helpers?|misc|common|services?|managers?|shared)(\/|\.ts$)/;

/** Most lines of a file in src/ and scripts/. */
export const MAX_FILE_LINES = 250;

/** Most lines of a test file. */
export const MAX_TEST_LINES = 400;

/** Every line of a file that breaks a rule: "path:line: why". */
export function findBrokenRules({ path, text }: Source, rules: readonly LineRule[] = LINE_RULES): string[] {
  const code = withoutComments(text).split("\n");
  const all = text.split("\n");
  const found = rules
    .filter(({ except }) => except?.test(path) !== true)
    .flatMap(({ pattern, why }) => linesWith(code, pattern).map((line) => `${path}:${line}: ${why}`));
  const unfinished = linesWith(all, UNFINISHED.pattern).map((line) => `${path}:${line}: ${UNFINISHED.why}`);
  return [...found, ...unfinished];
}

/** What is wrong with a file as a whole: its length, its name, statements put together from pieces. */
export function findFileFaults(source: Source, maxLines: number): string[] {
  const { path, text } = source;
  const lines = text.trimEnd().split("\n").length;
  const pieces = findPiecedStatements(source);
  return [
    ...(lines > maxLines ? [`${path}: ${lines} lines, of which ${maxLines} are allowed`] : []),
    ...(EMPTY_NAMES.test(path) ? [`${path}: the name says nothing about what is inside`] : []),
    ...pieces,
  ];
}

/** Statements with `${}` in them, in the files that may have statements. */
function findPiecedStatements({ path, text }: Source): string[] {
  if (!/-store\.ts$|^db\//.test(path)) return [];
  const templates = withoutComments(text).match(/`(?:\\.|[^`\\])*`/g) ?? [];
  return templates
    .filter(
      (template) =>
        template.includes("${") && /\b(SELECT|INSERT|UPDATE|DELETE|FROM|WHERE|PRAGMA|CREATE)\b/.test(template),
    )
    .map((template) => `${path}: a statement is constant text with named parameters: ${template.slice(0, 60)}`);
}

function linesWith(lines: readonly string[], pattern: RegExp): number[] {
  return lines.flatMap((line, index) => (pattern.test(line) ? [index + 1] : []));
}
