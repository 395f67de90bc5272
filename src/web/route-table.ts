import type { Express, RequestHandler, Response, Router } from "express";
import { notFound } from "../lib/errors.ts";
import { said } from "../lib/words.ts";
import { HttpError } from "./http-error.ts";
import { createRouter } from "./router.ts";

/** One path pattern of the application and what it answers to. */
export type KnownRoute = {
  /** From the root of the site: `/notes/:slug`. */
  readonly pattern: string;
  /** In capitals; HEAD where there is GET; `*` for all. */
  readonly methods: readonly string[];
};

/** What Express 5.3 tells of a router; its types do not know it yet. */
type Listed = { listRoutes(): { path: string | RegExp; methods?: string[]; router?: Listed }[] };

/** Every route of the application, in the order in which they are tried; one that two places answer for stands once. */
export function listRoutes(app: Express): KnownRoute[] {
  const routes = listFrom(app.router as Router & Listed, "");
  const names = routes.map(({ pattern, methods }) => `${methods} ${pattern}`);
  return routes.filter((_route, index) => names.indexOf(names[index] ?? "") === index);
}

/**
 * Notes the route pattern of each request, and answers what no route needs to: OPTIONS, and 405 with `Allow` for a path
 * that is known, but not with this method. It stands before the routes, so that rights are not asked for first; it
 * reads the finished table with the first request. Patterns that fit every path (`/*path`) make no path known.
 */
export function routeTable(app: Express): RequestHandler {
  const made: { matcherFor?: (path: string) => Router } = {};
  return (req, res, next) => {
    made.matcherFor ??= createMatchers(listRoutes(app));
    const fitting: KnownRoute[] = [];
    const done = () => {
      delete res.locals.matching;
      answerMethod({ method: req.method, fitting, res, next });
    };
    res.locals.matching = { fitting, done };
    made.matcherFor(req.path)(req, res, done);
  };
}

function listFrom(router: Listed, mount: string): KnownRoute[] {
  return router.listRoutes().flatMap((listed) => {
    if (typeof listed.path !== "string") throw new Error("A route's path must be a string, to be listed and logged.");
    const pattern = (mount + listed.path).replace(/(.)\/$/, "$1");
    if (listed.router) return listFrom(listed.router, pattern === "/" ? "" : pattern);
    return [{ pattern, methods: (listed.methods ?? []).map((method) => method.toUpperCase()) }];
  });
}

/**
 * Express itself decides what fits, so that this table and the routes cannot disagree; but it is asked only about those
 * that begin as the path does, or with a parameter, since asking about all takes longer than most answers.
 */
function createMatchers(routes: readonly KnownRoute[]): (path: string) => Router {
  const beginnings = new Set(routes.map(({ pattern }) => beginningOf(pattern)).filter(isFixed));
  const matcherOf = (beginning: string) =>
    createMatcher(routes.filter(({ pattern }) => beginningOf(pattern) === beginning || !isFixed(beginningOf(pattern))));
  const matchers = new Map([...beginnings].map((beginning) => [beginning, matcherOf(beginning)]));
  const others = createMatcher(routes.filter(({ pattern }) => !isFixed(beginningOf(pattern))));
  return (path) => matchers.get(beginningOf(path)) ?? others;
}

/** The first segment: `notes` of `/notes/:slug`. */
function beginningOf(path: string): string {
  const slash = path.indexOf("/", 1);
  return slash === -1 ? path.slice(1) : path.slice(1, slash);
}

/** Whether it stands for itself: with nothing in it that means something in a pattern, or is written in two ways. */
function isFixed(beginning: string): boolean {
  return /^[\w.-]*$/.test(beginning);
}

function createMatcher(routes: readonly KnownRoute[]): Router {
  const matcher = createRouter();
  for (const route of routes) {
    matcher.all(route.pattern, (_req, res, next) => {
      res.locals.matching?.fitting.push(route);
      next();
    });
  }
  // A router that comes to its end goes on in another turn of the event loop, so it must not.
  matcher.use((_req, res) => res.locals.matching?.done());
  return matcher;
}

function answerMethod(request: {
  method: string;
  fitting: readonly KnownRoute[];
  res: Response;
  next: (error?: unknown) => void;
}): void {
  const { method, fitting, res, next } = request;
  const known = fitting.filter((route) => !route.pattern.startsWith("/*"));
  const pattern = (fitting.find((route) => takes(route, method)) ?? known[0])?.pattern;
  if (pattern !== undefined) res.locals.routePattern = pattern;

  // Express would answer OPTIONS itself, for the pattern that fits every path.
  if (known.length === 0) next(method === "OPTIONS" ? notFound("page") : undefined);
  else if (known.some((route) => takes(route, method))) next();
  else if (method === "OPTIONS") res.status(204).set("Allow", allowed(known)).end();
  else next(wrongMethod(method, allowed(known)));
}

function wrongMethod(method: string, allow: string): HttpError {
  return new HttpError(405, said`This address does not take ${method}, only ${allow}.`, { headers: { Allow: allow } });
}

function takes(route: KnownRoute, method: string): boolean {
  return route.methods.includes(method) || route.methods.includes("*");
}

function allowed(routes: readonly KnownRoute[]): string {
  return [...new Set([...routes.flatMap((route) => route.methods), "OPTIONS"])].sort().join(", ");
}
