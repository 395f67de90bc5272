import type { Response } from "express";
import type { StoredGrant } from "../auth/grant-store.ts";
import { listGrants } from "../auth/grant-store.ts";
import { isGrantOpen } from "../auth/grants.ts";
import type { Context } from "../context/context.ts";
import { findClientApp } from "../indieauth/client-store.ts";
import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";
import type { WriteCounts, WriteKind } from "../notes/writes-store.ts";
import { countWrites } from "../notes/writes-store.ts";
import { adminPage, shownTime } from "./admin-view.ts";
import type { AppPage, AppView, GrantView, TokensView } from "./app-views.ts";
import { assetPath } from "./assets.ts";
import { scopeView } from "./scope-view.ts";

/** Where apps and tokens are. */
export const TOKENS_PATH = "/admin/tokens";

/** Ended grants of one app that are named, and apps without access. */
export const MAX_ENDED_SHOWN = 20;

/** The kinds of writes in the order of the page, each with its word. */
export const WRITE_WORDS: Readonly<Record<WriteKind, Words>> = {
  created: said`Created`,
  changed: said`Changed`,
  deleted: said`Deleted`,
  restored: said`Restored`,
};

/** What every page about apps has. */
export function appPage(ctx: Pick<Context, "db" | "config" | "clock">, res: Response, title: Words): AppPage {
  return { ...adminPage(ctx, res, { section: "tokens", title }), appsStylesheetPath: assetPath("apps.css") };
}

/** Every app with its grants: those that have access first, each part with its newest first. */
export function appViews(ctx: Context): Pick<TokensView, "apps" | "endedApps" | "moreEndedApps"> {
  const byApp = new Map<string, StoredGrant[]>();
  for (const grant of listGrants(ctx.db)) byApp.set(grant.clientId, [...(byApp.get(grant.clientId) ?? []), grant]);
  const all = [...byApp.values()].map((grants) => ({ grants, isOpen: grants.some((each) => isGrantOpen(ctx, each)) }));
  const ended = all.filter(({ isOpen }) => !isOpen);
  return {
    apps: all.filter(({ isOpen }) => isOpen).map(({ grants }) => appView(ctx, grants)),
    endedApps: ended.slice(0, MAX_ENDED_SHOWN).map(({ grants }) => appView(ctx, grants)),
    moreEndedApps: Math.max(0, ended.length - MAX_ENDED_SHOWN),
  };
}

/** What an app calls itself, else its address. */
export function appLabel(ctx: Pick<Context, "db">, { clientId, clientName }: StoredGrant): string {
  return clientName || findClientApp(ctx.db, clientId)?.name || clientId;
}

/** Path of what an app did, by one of its grants. */
export function grantPath(id: number, part: "texts" | "narrow" | "revoke" | "writes" | "undo"): string {
  return `${TOKENS_PATH}/${id}/${part}`;
}

/** What an app wrote, by kind, as links; kinds that it has nothing of are left out. */
export function writeLinks(id: number, counts: WriteCounts): { kind: WriteKind; count: number; path: string }[] {
  const kinds = Object.keys(WRITE_WORDS) as WriteKind[];
  return kinds
    .filter((kind) => counts[kind] > 0)
    .map((kind) => ({ kind, count: counts[kind], path: `${grantPath(id, "writes")}?kind=${kind}` }));
}

function appView(ctx: Context, grants: readonly StoredGrant[]): AppView {
  const [newest] = grants;
  if (newest === undefined) throw new Error("An app has no grant.");
  const { id, clientId } = newest;
  const known = findClientApp(ctx.db, clientId);
  const ended = grants.filter((grant) => !isGrantOpen(ctx, grant));
  const writes = writeLinks(id, countWrites(ctx.db, clientId));
  return {
    id,
    label: appLabel(ctx, newest),
    clientId,
    logoPath: known?.hasLogo ? `/admin/apps/${known.id}/logo` : "",
    grants: grants.filter((grant) => isGrantOpen(ctx, grant)).map((grant) => grantView(ctx, grant)),
    ended: ended.slice(0, MAX_ENDED_SHOWN).map((grant) => ({
      made: madeOn(ctx, grant),
      scope: grant.scopes.join(", "),
      state: stateOfEnded(ctx, grant),
    })),
    moreEnded: Math.max(0, ended.length - MAX_ENDED_SHOWN),
    writes: writes.map(({ kind, count, path }) => ({ label: countOf(count, kind), path })),
    undoPath: grantPath(id, "undo"),
  };
}

function countOf(count: number, kind: WriteKind): Words {
  if (kind === "created") return said`${count} created`;
  if (kind === "changed") return said`${count} changed`;
  return kind === "deleted" ? said`${count} deleted` : said`${count} restored`;
}

function grantView(ctx: Context, grant: StoredGrant): GrantView {
  const { id, firstUsedAt, lastUsedAt, expiresAt, scopes, writesMarkdown } = grant;
  return {
    id,
    made: madeOn(ctx, grant),
    firstUsed: firstUsedAt === undefined ? "" : shownTime(ctx, firstUsedAt),
    lastUsed: lastUsedAt === undefined ? "" : shownTime(ctx, lastUsedAt),
    ends: expiresAt === undefined ? "" : shownTime(ctx, expiresAt),
    scopes: scopes.map(scopeView),
    writesMarkdown,
    textsPath: grantPath(id, "texts"),
    narrowPath: scopes.length > 1 ? grantPath(id, "narrow") : "",
    revokePath: grantPath(id, "revoke"),
  };
}

function madeOn(ctx: Context, { madeBy, createdAt }: StoredGrant): Words {
  const when = shownTime(ctx, createdAt);
  return madeBy === "consent" ? said`Let in ${when}` : said`Made by hand ${when}`;
}

function stateOfEnded(ctx: Context, { revokedAt, revokedFor, expiresAt }: StoredGrant): Words {
  const when = shownTime(ctx, revokedAt ?? expiresAt ?? ctx.clock());
  if (revokedAt === undefined) return said`ended ${when}`;
  if (revokedFor === "app") return said`given up by the app ${when}`;
  return revokedFor === "replay" ? said`ended, since a used code or token came again ${when}` : said`revoked ${when}`;
}
