import { invalid } from "../lib/errors.ts";
import { said } from "../lib/words.ts";
import type { WrittenRedirect } from "./redirect.ts";

/** Kinds of redirects that other programs have and for which ours stand. */
const STATUS_WORDS: Readonly<Record<string, string>> = {
  permanent: "301",
  temp: "302",
  seeother: "302",
  gone: "410",
  "303": "302",
  "307": "302",
};

/**
 * Reads one line of a list of redirects: of a table (`from,to,status`), of Netlify's `_redirects` or of Apache. None for
 * an empty line, a comment, and the head of a table. Throws `invalid`, with the reason, for what has no counterpart here.
 * @see https://docs.netlify.com/manage/routing/redirects/overview/
 * @see https://httpd.apache.org/docs/2.4/mod/mod_alias.html#redirect
 */
export function readLine(line: string, isFirst: boolean): readonly WrittenRedirect[] {
  const text = line.trim();
  if (text === "" || text.startsWith("#")) return [];
  const [, directive = "", rest = ""] = /^(redirect(?:permanent|temp|match)?)\s+(.*)$/iu.exec(text) ?? [];
  if (directive !== "") return readApache(directive.toLowerCase(), splitWords(rest));
  const words = splitWords(text);
  if (isNetlify(words)) return [readNetlify(words)];
  const [from, to, status = ""] = splitCells(text);
  if (isFirst && !isAddress(from)) return [];
  if (from !== undefined && to !== undefined) return [{ from, to, status: toStatus(status) }];
  throw invalid("line", said`A line has an old and a new address, with a comma between them.`);
}

/** Between its addresses are spaces and no commas. */
function isNetlify(words: readonly string[]): boolean {
  const [from = "", next = ""] = words;
  return isAddress(from) && !/[,;"]/u.test(from) && (isAddress(next) || /^\w+=/u.test(next));
}

function isAddress(text: string | undefined): boolean {
  return /^(?:\/|https?:\/\/)/iu.test(text ?? "");
}

/** Words, of which one in quotes may have spaces. */
function splitWords(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|(\S+)/gu)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}

function splitCells(text: string): string[] {
  const mark = ["\t", ";", ","].find((each) => text.includes(each)) ?? ",";
  const cell =
    mark === "\t"
      ? /"((?:[^"]|"")*)"|([^\t]+)/gu
      : mark === ";"
        ? /"((?:[^"]|"")*)"|([^;]+)/gu
        : /"((?:[^"]|"")*)"|([^,]+)/gu;
  // An empty cell, of what is gone, would be passed over.
  const whole = text.replaceAll(`${mark}${mark}`, `${mark} ${mark}`);
  return [...whole.matchAll(cell)].map(([, quoted, plain]) => (quoted?.replaceAll('""', '"') ?? plain ?? "").trim());
}

function toStatus(text: string): string {
  const status = text.trim().replace(/!$/u, "").toLowerCase();
  return status === "" ? "301" : (STATUS_WORDS[status] ?? status);
}

function readNetlify([from = "", ...rest]: string[]): WrittenRedirect {
  const place = rest.findIndex(isAddress);
  const [to = "", status = "", ...conditions] = rest.slice(Math.max(place, 0));
  if (place > 0)
    throw invalid("line", said`Redirects here do not tell queries apart. Write it without its parameters.`);
  if (conditions.length > 0)
    throw invalid("line", said`Redirects here know no conditions such as ${conditions[0] ?? ""}.`);
  if (/^(?:200|404)!?$/u.test(status))
    throw invalid("line", said`${status} shows another page in place: that is no redirect.`);
  if (/\/:\w/u.test(from)) throw invalid("line", said`Redirects here know no placeholders but * at the end.`);
  const isGone = toStatus(status) === "410";
  return { from, to: isGone ? "" : to.replace(/:splat$/u, "*"), status: toStatus(status) };
}

/** What Apache redirects, it redirects with all that lies below. */
function readApache(directive: string, words: string[]): readonly WrittenRedirect[] {
  const [first = "", ...others] = words;
  const named = /^[a-z]+$|^\d{3}$/iu.test(first) ? toStatus(first) : undefined;
  const status = named ?? (directive === "redirectpermanent" ? "301" : "302");
  const [from = "", to = ""] = named === undefined ? words : others;
  if (directive === "redirectmatch") return [readMatch({ from, to, status })];
  const [above, below] = [from, to].map((text) => text.replace(/\/+$/u, "")) as [string, string];
  if (above === "") throw invalid("line", said`This redirects the whole site. Name the addresses that have moved.`);
  const isGone = status === "410";
  return [
    { from: above, to: isGone ? "" : to, status },
    { from: `${above}/*`, to: isGone ? "" : `${below}/*`, status },
  ];
}

/** Of patterns those that say no more than a path, or all below one. */
function readMatch({ from, to, status }: WrittenRedirect): WrittenRedirect {
  const [, path, rest] = /^\^?(\/[\w/%.~-]*?)(\(\.\*\)|\.\*)?\$?$/u.exec(from.replaceAll("\\.", ".")) ?? [];
  const isWhole = rest === undefined ? from.startsWith("^") && from.endsWith("$") : path?.endsWith("/");
  const target = to.replace(/\$1$/u, "*");
  if (path === undefined || isWhole !== true || /[$*]./u.test(target)) {
    throw invalid(
      "line",
      said`This pattern says more than redirects here can: a path, or with /* at its end all below.`,
    );
  }
  return { from: rest === undefined ? path : `${path}*`, to: target, status };
}
