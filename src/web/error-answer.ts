import { STATUS_CODES } from "node:http";
import type { Request, Response } from "express";
import type { Context } from "../context/context.ts";
import type { Catalogue } from "../lib/catalogue.ts";
import { findCatalogue } from "../lib/catalogue.ts";
import { isUrl } from "../lib/is-url.ts";
import { paths } from "../lib/urls.ts";
import { inWords, said } from "../lib/words.ts";
import { adminLanguage } from "../site/language.ts";
import { readSettings } from "../site/settings-store.ts";
import { finish } from "./answer.ts";
import type { Failure } from "./failure.ts";
import { pageView, siteView } from "./present.ts";
import type { Render } from "./views.ts";
import { loginPath } from "./way-back.ts";

/** What is needed to tell a client of a failure. */
export type FailureAnswer = {
  readonly ctx: Pick<Context, "config" | "db">;
  readonly render: Render;
  readonly req: Request;
  readonly res: Response;
  readonly failure: Failure;
  /** Takes what goes wrong while the page itself is made. */
  readonly log: (error: unknown) => void;
};

/** Where programs talk to us in the manner of OAuth: there an error is `{"error": …}`. */
const PROTOCOL_PATHS =
  /^\/(?:micropub|token|introspect|revoke|userinfo|\.well-known\/oauth-authorization-server)(?:\/|$)/;

/** Where scripts of the author's own pages ask, and no app does. */
const SCRIPTED_PATHS = /^\/(?:admin|login)(?:\/|$)/;

/** The protocol's words for statuses. */
const PROTOCOL_ERRORS: Readonly<Record<number, string>> = {
  401: "unauthorized",
  403: "forbidden",
  429: "temporarily_unavailable",
  503: "temporarily_unavailable",
};

/** What a page says whose login has ended while the author writes on it: to leave it would lose the text. */
const LOGIN_ENDED = said`Your login has ended. Your text is still here: save it, and you are asked to log in again.`;

/** Whether the request is one of a program that speaks a protocol. */
export function isProtocol(req: Request): boolean {
  return PROTOCOL_PATHS.test(req.path);
}

/**
 * Answers in the client's own manner: a protocol's error object, a fragment for htmx, `application/problem+json`
 * (RFC 9457) where `Accept` prefers JSON, else a page in the site's look; plain text when that cannot be made. Status
 * and the failure's own headers are set before.
 */
export function answerFailure(answer: FailureAnswer): void {
  const { req, res } = answer;
  if (isProtocol(req)) sendProtocolError(answer);
  else {
    res.vary("Accept").vary("HX-Request");
    if (isFragment(req)) sendFragment(answer);
    else if (prefersJson(req)) sendProblem(answer);
    else sendErrorPage(answer);
  }
}

/** An error of OAuth and of Micropub (section 3.8). Bearer tokens are the way in to all such addresses (RFC 6750, 3). */
function sendProtocolError({ res, failure }: FailureAnswer): void {
  const { status, message } = failure;
  const error = PROTOCOL_ERRORS[status] ?? (status < 500 ? "invalid_request" : "server_error");
  if (status === 401) res.set("WWW-Authenticate", "Bearer");
  sendJson(res, "application/json", { error, error_description: message, request_id: res.locals.requestId });
}

function sendProblem(answer: FailureAnswer): void {
  const { res, failure } = answer;
  const { status, message: words, field } = failure;
  const message = inWords(wordsOfScripts(answer), () => words.toString());
  const problem = { type: "about:blank", title: STATUS_CODES[status], status, detail: message };
  const named = field === "" ? {} : { field };
  sendJson(res, "application/problem+json", { ...problem, ...named, request_id: res.locals.requestId });
}

/** What a script on a page of the author's shows stands in the words of that page; undefined, and for apps: English. */
function wordsOfScripts({ ctx, req, log }: FailureAnswer): Catalogue | undefined {
  if (!SCRIPTED_PATHS.test(req.path)) return undefined;
  try {
    return findCatalogue(adminLanguage(readSettings(ctx.db)));
  } catch (error) {
    log(error);
    return undefined;
  }
}

/**
 * A part of a page, for htmx. Whoever only looks is led to the login and comes back to this page; whoever sends something
 * has typed it, and stays.
 */
function sendFragment(answer: FailureAnswer): void {
  const { req, res, failure } = answer;
  const isLoginNeeded = failure.status === 401;
  if (isLoginNeeded && req.method === "GET") res.set("HX-Redirect", loginPath(currentPath(req)));
  const message = isLoginNeeded ? LOGIN_ENDED : failure.message;
  sendHtml(answer, () => {
    const language = adminLanguage(readSettings(answer.ctx.db));
    return answer.render("fragments/error.njk", { message, requestId: res.locals.requestId, language });
  });
}

function sendErrorPage(answer: FailureAnswer): void {
  const { ctx, render, res, failure } = answer;
  sendHtml(answer, () => {
    const site = siteView(ctx);
    const { status, heading, message } = failure;
    // An error has no address of its own, so it must not claim one.
    const page = { ...pageView(site, { canonicalPath: "", title: heading, robots: "noindex" }), canonicalUrl: "" };
    const textHtml = status === 404 ? readSettings(ctx.db).notFound.html : "";
    return render("error.njk", { site, page, status, heading, message, textHtml, requestId: res.locals.requestId });
  });
}

/** Sends what `make` makes. The cause of a 5xx may well keep the page from being made too. */
function sendHtml({ res, failure, log }: FailureAnswer, make: () => string): void {
  try {
    const html = make();
    res.set("Content-Type", "text/html; charset=utf-8");
    finish(res, Buffer.from(html));
  } catch (error) {
    log(error);
    res.set("Content-Type", "text/plain; charset=utf-8");
    const { status, heading, message } = failure;
    finish(res, Buffer.from(`${status} ${heading}\n\n${message}\n\nRequest ${res.locals.requestId}\n`));
  }
}

function sendJson(res: Response, mediaType: string, body: Record<string, unknown>): void {
  res.set("Content-Type", mediaType);
  finish(res, Buffer.from(JSON.stringify(body)));
}

/** Whether a part of a page is asked for. htmx asks again for a whole one when it restores it from the history. */
export function isFragment(req: Request): boolean {
  const asks = req.get("HX-Request") === "true" && req.get("HX-History-Restore-Request") !== "true";
  return asks && req.get("HX-Request-Type") !== "full";
}

/** Whether the client would rather have JSON than a page. */
export function prefersJson(req: Request): boolean {
  const accepted = req.accepts(["html", "application/problem+json", "json"]);
  return accepted !== false && accepted !== "html";
}

/** The path of the page that asks, to come back to. */
function currentPath(req: Request): string {
  const url = req.get("HX-Current-URL") ?? "";
  return isUrl(url) ? new URL(url).pathname + new URL(url).search : paths.admin();
}
