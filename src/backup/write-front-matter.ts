/** What front matter may say: text, numbers, flags, lists of text, and tables of the same; undefined is left out. */
export type FrontMatterValue = string | number | boolean | readonly string[] | FrontMatterTable | Flow | undefined;

/** Keys and values, in the order in which they are written. */
export type FrontMatterTable = { readonly [key: string]: FrontMatterValue };

/** Whatever JSON can say, a line for each of its keys. */
export class Flow {
  readonly value: Readonly<Record<string, unknown>>;

  constructor(value: Readonly<Record<string, unknown>>) {
    this.value = value;
  }
}

const PLAIN_WORD = /^[a-z][a-z0-9-]*$/iu;
const PLAIN_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(?:Z|[+-]\d\d:\d\d)$/u;
/** What readers of YAML take for something else than text. */
const NO_TEXT = /^(?:true|false|null|yes|no|on|off|y|n)$/iu;

/**
 * Writes YAML front matter with its fences: the same bytes for the same values, whatever version of whatever library
 * is there. Texts that YAML could take for something else are in double quotes, as JSON writes them.
 */
export function writeFrontMatter(table: FrontMatterTable): string {
  return `---\n${writeTable(table, "").join("")}---\n`;
}

function writeTable(table: FrontMatterTable, indent: string): string[] {
  return Object.entries(table).flatMap(([key, value]) => (value === undefined ? [] : writeField(key, value, indent)));
}

function writeField(key: string, value: Exclude<FrontMatterValue, undefined>, indent: string): string[] {
  const head = `${indent}${key}:`;
  if (value instanceof Flow) return [`${head} ${writeFlow(value, indent)}\n`];
  if (typeof value !== "object") return [`${head} ${writeScalar(value)}\n`];
  if (isList(value)) return [`${head}\n`, ...value.map((entry) => `${indent}  - ${writeScalar(entry)}\n`)];
  return [`${head}\n`, ...writeTable(value, `${indent}  `)];
}

function isList(value: readonly string[] | FrontMatterTable): value is readonly string[] {
  return Array.isArray(value);
}

function writeScalar(value: string | number | boolean): string {
  if (typeof value !== "string") return String(value);
  const isPlain = (PLAIN_WORD.test(value) && !NO_TEXT.test(value)) || PLAIN_TIME.test(value);
  return isPlain ? value : JSON.stringify(value);
}

/** JSON is YAML, too. */
function writeFlow({ value }: Flow, indent: string): string {
  const lines = Object.entries(value).map(
    ([key, entry]) => `${indent}  ${JSON.stringify(key)}: ${JSON.stringify(entry)}`,
  );
  return `{\n${lines.join(",\n")}\n${indent}  }`;
}
