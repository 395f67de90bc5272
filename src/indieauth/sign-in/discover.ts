import type { Context } from "../../context/context.ts";
import { decodePage, isPage } from "../../lib/decode-page.ts";
import { linkTargets } from "../../lib/link-header.ts";
import type { PageLinks } from "../../lib/read-links.ts";
import { readLinks } from "../../lib/read-page-safely.ts";
import type { FetchResponse } from "../../lib/safe-fetch.ts";
import type { Words } from "../../lib/words.ts";
import { said } from "../../lib/words.ts";
import type { FoundServer } from "./found-server.ts";
import { DISCOVERY_WITHIN_MS, MAX_DISCOVERY_BYTES, toEndpoint } from "./found-server.ts";
import { isAsSafeAs } from "./profile-url.ts";
import { readServerMetadata } from "./read-metadata.ts";
import type { Refusal, Seen } from "./refusal.ts";
import { seenOf } from "./refusal.ts";

/** The relation of a page to what its server says of itself. */
const METADATA = "indieauth-metadata";

/**
 * Finds the server that speaks for a profile URL: by the metadata that its page names (Link header first, then HTML), else
 * by its links to an authorization endpoint and a token endpoint.
 * @see https://indieauth.spec.indieweb.org/#discovery-by-clients
 */
export async function discoverServer(ctx: Pick<Context, "fetch">, me: string): Promise<FoundServer | Refusal> {
  const limits = { maxBytes: MAX_DISCOVERY_BYTES, withinMs: DISCOVERY_WITHIN_MS };
  const page = await ctx.fetch(me, { accept: "text/html, */*;q=0.5", ...limits });
  const seen = seenOf(me, page);
  if (!page.ok) return refuse(said`${me} could not be read: ${page.outcome.reason}`, seen);
  if (page.status !== 200) return refuse(said`${me} answered with status ${page.status} instead of its page.`, seen);
  if (!isAsSafeAs(me, page.url))
    return refuse(said`${me} leads to plain http, where anybody on the way could sign in.`, seen);

  const header = page.headers.get("link") ?? "";
  const inHeader = (rel: string) => linkTargets(header, rel, page.url);
  const inPage = inHeader(METADATA)[0] === undefined ? await linksIn(page) : {};
  const find = (rel: string) => inHeader(rel)[0] ?? (Object.hasOwn(inPage, rel) ? inPage[rel]?.[0] : undefined);
  const metadata = find(METADATA);
  if (metadata !== undefined) return readServerMetadata(ctx, { me, landed: page.url, url: metadata });
  const authorizationEndpoint = toEndpoint(me, page.url, find("authorization_endpoint"));
  if (authorizationEndpoint === undefined) {
    const reason = said`The page of ${me} names no server that speaks for it: no link has rel=indieauth-metadata or rel=authorization_endpoint.`;
    return refuse(reason, { ...seen, excerpt: "" });
  }
  const tokenEndpoint = toEndpoint(me, page.url, find("token_endpoint"));
  return { landed: page.url, authorizationEndpoint, tokenEndpoint, issuer: undefined, namesIssuer: false };
}

async function linksIn(page: FetchResponse): Promise<PageLinks> {
  const type = page.headers.get("content-type");
  return (isPage(type) && (await readLinks(decodePage(page.body, type), page.url))) || {};
}

function refuse(reason: Words, seen: Seen): Refusal {
  return { step: "server", reason, seen };
}
