import type { RedirectRule } from "./redirect.ts";
import { isPrefix, targetPath } from "./redirect.ts";

/** All rules of a site in memory, to say of another one whether it may join them. */
export type Rules = {
  readonly size: number;
  /** The rule for a path: the one for just this path, else that of the longest prefix. */
  match(path: string): RedirectRule | undefined;
  find(source: string): RedirectRule | undefined;
  /** Why a rule may not join, in a sentence with names; undefined: it may. Whether there is one of its source is not asked. */
  problemWith(rule: RedirectRule): string | undefined;
  add(rule: RedirectRule): void;
};

/** Takes the rules of a site, each source once. */
export function createRules(stored: readonly RedirectRule[]): Rules {
  const bySource = new Map<string, RedirectRule>();
  const byTarget = new Map<string, RedirectRule>();
  const prefixes: RedirectRule[] = [];
  const spreading: RedirectRule[] = [];

  function add(rule: RedirectRule): void {
    bySource.set(rule.source, rule);
    if (isPrefix(rule.source)) prefixes.push(rule);
    const path = targetPath(rule.target);
    if (path !== undefined && isPrefix(path)) spreading.push(rule);
    else if (path !== undefined && !byTarget.has(path)) byTarget.set(path, rule);
  }

  function match(path: string): RedirectRule | undefined {
    const below = prefixes.filter(({ source }) => isBelow(path, source));
    const longest = below.reduce<RedirectRule | undefined>(
      (best, rule) => (best === undefined || rule.source.length > best.source.length ? rule : best),
      undefined,
    );
    return bySource.get(path) ?? longest;
  }

  /** The rule that goes on from where another one leads. */
  function findNext(path: string): RedirectRule | undefined {
    if (!isPrefix(path)) return match(path);
    return [...bySource.values()].find(({ source }) => overlaps(source, path));
  }

  /** A rule that leads to where another one begins. */
  function findPrevious(source: string): RedirectRule | undefined {
    const spread = spreading.find(({ target }) => overlaps(source, targetPath(target) ?? ""));
    if (spread !== undefined || !isPrefix(source)) return byTarget.get(source) ?? spread;
    return [...byTarget.values()].find(({ target }) => isBelow(targetPath(target) ?? "", source));
  }

  for (const rule of stored) add(rule);
  return {
    get size() {
      return bySource.size;
    },
    match,
    find: (source) => bySource.get(source),
    add,
    problemWith(rule) {
      const path = targetPath(rule.target);
      if (path !== undefined && leadsToItself(rule.source, path)) return `“${rule.source}” would lead to itself.`;
      const next = path === undefined ? undefined : findNext(path);
      if (next !== undefined) return nextProblem(rule, next);
      const previous = findPrevious(rule.source);
      return previous && previousProblem(rule, previous);
    },
  };
}

function isBelow(path: string, prefix: string): boolean {
  return path.length >= prefix.length && path.startsWith(prefix.slice(0, -1));
}

function leadsToItself(source: string, path: string): boolean {
  return source === path || (isPrefix(source) && isBelow(path, source));
}

/** Whether some path that the second one stands for is one of the first. Both may end with a star. */
function overlaps(one: string, other: string): boolean {
  const [first, second] = [one, other].map((path) => (isPrefix(path) ? path.slice(0, -1) : path)) as [string, string];
  if (isPrefix(one) && isPrefix(other)) return first.startsWith(second) || second.startsWith(first);
  if (isPrefix(one)) return second.startsWith(first);
  return isPrefix(other) ? first.startsWith(second) : first === second;
}

function nextProblem({ source }: RedirectRule, next: RedirectRule): string {
  if (next.target === undefined) return `“${next.source}”, to which it would lead, is marked as gone.`;
  const back = targetPath(next.target);
  if (back !== undefined && overlaps(source, back)) {
    return `“${source}” and “${next.source}” would lead to each other.`;
  }
  return `“${next.source}”, to which it would lead, is redirected itself: lead “${source}” to “${next.target}” at once.`;
}

function previousProblem({ source, target }: RedirectRule, previous: RedirectRule): string {
  const where = target === undefined ? "where nothing is" : `“${target}”`;
  return `“${previous.source}” leads to “${source}” already: change that one first, to ${where} at once.`;
}
