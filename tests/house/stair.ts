import { posix } from "node:path";
import type { Source } from "./sources.ts";
import { withoutComments } from "./sources.ts";

/**
 * The parts of src/, as the design lists them: a part may import those above it, never one below. A part is a folder,
 * or a file that stands in src/ itself. A new part takes its place here and in docs/architecture.md.
 */
export const STAIR = [
  ...["lib", "db", "jobs", "config", "context", "audit", "site", "auth", "media", "theme", "notes", "desk", "search"],
  ...[
    "redirects",
    "tags",
    "feeds",
    "edge",
    "indieauth",
    "micropub",
    "webmention",
    "websub",
    "backup",
    "monitoring",
    "worker",
    "web",
    "app",
    "cli",
    "main",
  ],
];

/** Parts that the design has room for and that do not exist yet. */
export const NOT_BUILT_YET = ["webmention", "websub"];

/** Steps of the stair that are closed all the same, and why. */
const CLOSED: readonly { from: string; to: string; why: string }[] = [
  { from: "web", to: "worker", why: "what a request needs done later, it queues" },
  { from: "cli", to: "web", why: "a command works without a browser in sight" },
];

/** The part that a file below src/ belongs to. */
export function partOf(path: string): string {
  return path.split("/")[0]?.replace(/\.ts$/, "") ?? "";
}

/** What a file imports although it may not: one sentence each. */
export function findForbiddenImports({ path, text }: Source): string[] {
  const from = partOf(path);
  return listImports(text)
    .filter((target) => target.startsWith("."))
    .map((target) => partOf(posix.join(posix.dirname(path), target)))
    .filter((to) => to !== from)
    .flatMap((to) => {
      const closed = CLOSED.find((step) => step.from === from && step.to === to);
      if (closed !== undefined) return [`${path}: ${from} may not import ${to}: ${closed.why}`];
      if (!STAIR.includes(to)) return [`${path}: ${to} is not a part of the stair`];
      return STAIR.indexOf(to) < STAIR.indexOf(from)
        ? []
        : [`${path}: ${from} may not import ${to}, which stands below it`];
    });
}

/** Everything that a file imports, whichever way. */
export function listImports(text: string): string[] {
  const code = withoutComments(text);
  return [...code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+)["']/g)].map(([, target]) => target ?? "");
}
