import type { Doer } from "../audit/audit-event.ts";
import type { Doing } from "../audit/record.ts";
import { record } from "../audit/record.ts";
import type { Context } from "../context/context.ts";
import { addSeconds } from "../lib/clock.ts";
import { AppError, notFound } from "../lib/errors.ts";
import { createSecret, hashSecret } from "../lib/secrets.ts";
import { cleanText } from "../lib/text.ts";
import { toNetwork } from "./network.ts";
import type { Session } from "./session.ts";
import { isUseNews, SESSION_IDLE_SECONDS, sessionEnd } from "./session.ts";
import {
  findSessionByHash,
  insertSession,
  listSessions,
  listUnknownSessions,
  removeSession,
  removeSessions,
  updateSessionKnown,
  updateSessionProof,
  updateSessionTimes,
} from "./session-store.ts";
import { secondsLeft } from "./time-left.ts";

/** Characters of a browser's name that are kept. */
export const MAX_USER_AGENT_LENGTH = 300;

/** How long a proof of who the author is counts for acts that open doors, in seconds: a quarter of an hour. */
export const PROOF_SECONDS = 900;

/** The browser that logs in: its name for itself, and its whole address, of which only the network is kept. */
export type Browser = {
  readonly userAgent: string;
  readonly address: string;
  /** For the audit log: how it proved the author, and the request that did. */
  readonly way?: string | undefined;
  readonly requestId?: string | undefined;
  /** Whether no other login need ask about it: the first one, or one in the place of one that is known. */
  readonly isKnown?: boolean | undefined;
};

/** A fresh login, and the secret for its cookie, which is nowhere else. */
export type NewSession = { readonly session: Session; readonly secret: string };

/** Makes a login, and drops those that have run out. Only inside a write; whoever calls has made sure of the author. */
export function startSession(ctx: Pick<Context, "db" | "clock">, browser: Browser): NewSession {
  for (const session of listSessions(ctx.db)) if (!isOpen(ctx, session)) removeSession(ctx.db, session.id);
  const secret = createSecret();
  const now = ctx.clock();
  const session = {
    csrfToken: createSecret(),
    userAgent: cleanText(browser.userAgent).slice(0, MAX_USER_AGENT_LENGTH),
    network: toNetwork(browser.address),
    createdAt: now,
    lastUsedAt: now,
    expiresAt: sessionEnd(now, now),
    provedAt: now,
    isKnown: browser.isKnown ?? false,
  };
  const opened = { id: insertSession(ctx.db, { ...session, secretHash: hashSecret(secret) }), ...session };
  // Looked at once, their time passes also while the clock is set.
  isOpen(ctx, opened);
  isProofFresh(ctx, opened);
  const doer: Doer = { ...toDoer(opened), requestId: browser.requestId ?? "" };
  record({ ...ctx, doer }, { kind: "login.open", detail: browser.way ?? "" });
  return { session: opened, secret };
}

/** The login that a cookie's secret stands for; undefined when it was ended, has run out, or never was. */
export function findSession(ctx: Pick<Context, "db" | "clock">, secret: string): Session | undefined {
  const session = findSessionByHash(ctx.db, hashSecret(secret));
  return session && isOpen(ctx, session) ? session : undefined;
}

/** Whether the author has proved in this login, within PROOF_SECONDS, who they are. No clock that is set makes it longer. */
export function isProofFresh(
  ctx: Pick<Context, "db" | "clock">,
  { id, provedAt }: Pick<Session, "id" | "provedAt">,
): boolean {
  const ending = { endsAt: addSeconds(provedAt, PROOF_SECONDS), longestSeconds: PROOF_SECONDS };
  return secondsLeft(ctx, `proof ${id}`, ending) > 0;
}

/** Writes down that the author has just proved in a login who they are. Only inside a write. */
export function noteProof(ctx: Pick<Context, "db" | "clock">, id: number): void {
  const provedAt = ctx.clock();
  updateSessionProof(ctx.db, id, provedAt);
  isProofFresh(ctx, { id, provedAt });
}

/** The newest login but this one that the author was not asked about yet. */
export function findNewLogin(ctx: Pick<Context, "db" | "clock">, ownId: number): Session | undefined {
  const unknown = ctx.db.remember(listUnknownSessions);
  return unknown.find((session) => session.id !== ownId && isOpen(ctx, session));
}

/** Takes the author's word for it that a login is theirs. Throws `not_found` when there is none of this id that was asked about. */
export async function acceptSession(ctx: Doing<"db" | "clock">, id: number): Promise<void> {
  const isNews = await ctx.db.write(() => {
    const wasAsked = updateSessionKnown(ctx.db, id);
    if (wasAsked) record(ctx, { kind: "login.known", detail: `login ${id}` });
    return wasAsked;
  });
  if (!isNews) throw notFound("login");
}

/** All logins that have not run out, the last used first. */
export function listOpenSessions(ctx: Pick<Context, "db" | "clock">): Session[] {
  return listSessions(ctx.db).filter((session) => isOpen(ctx, session));
}

/**
 * Notes that a login is used, at most once an hour, and so puts its end off. Returns it with its new times, or
 * undefined when nothing was written. A login whose time does not fit a clock that was set meanwhile begins now.
 */
export async function touchSession(ctx: Pick<Context, "db" | "clock">, session: Session): Promise<Session | undefined> {
  const now = ctx.clock();
  if (!isUseNews(session.lastUsedAt, now)) return undefined;
  const isClockSet = session.createdAt > now || session.expiresAt <= now;
  const createdAt = isClockSet ? now : session.createdAt;
  const touched = { ...session, createdAt, lastUsedAt: now, expiresAt: sessionEnd(createdAt, now) };
  try {
    await ctx.db.write(() => updateSessionTimes(ctx.db, touched));
    isOpen(ctx, touched); // As for a new one: under its new end it is a thing not seen yet.
  } catch (error) {
    // A full disk or a long lock must not keep the author from reading what is there.
    if (error instanceof AppError) return undefined;
    throw error;
  }
  return touched;
}

/** Ends a login. Throws `not_found` when there is none of this id. */
export async function endSession(ctx: Doing<"db" | "clock">, id: number): Promise<void> {
  const wasThere = await ctx.db.write(() => {
    const isGone = removeSession(ctx.db, id);
    if (isGone) record(ctx, { kind: "login.end", detail: `login ${id}` });
    return isGone;
  });
  if (!wasThere) throw notFound("login");
}

/** Ends all logins but one. */
export async function endOtherSessions(ctx: Doing<"db" | "clock">, keptId: number): Promise<void> {
  await ctx.db.write(() => {
    removeSessions(ctx.db, keptId);
    record(ctx, { kind: "login.end_others" });
  });
}

function isOpen(ctx: Pick<Context, "db" | "clock">, { id, expiresAt }: Session): boolean {
  return secondsLeft(ctx, `session ${id}`, { endsAt: expiresAt, longestSeconds: SESSION_IDLE_SECONDS }) > 0;
}

function toDoer({ id, network, userAgent }: Pick<Session, "id" | "network" | "userAgent">): Doer {
  return { sort: "author", name: String(id), network, userAgent, requestId: "" };
}
