import { MAX_IDENTIFIER_LENGTH } from "../auth/client-id.ts";
import { parseObject, textIn } from "../lib/json-object.ts";
import { linkTargets } from "../lib/link-header.ts";
import { readApp } from "../lib/read-page-safely.ts";
import type { FetchResponse } from "../lib/safe-fetch.ts";
import { urlKind } from "../lib/safe-url.ts";
import { cleanText } from "../lib/text.ts";

/** Characters of an app's name that are shown. */
export const MAX_CLIENT_NAME_LENGTH = 100;
/** Addresses that an app may list to have the author sent back to. */
export const MAX_REDIRECT_URIS = 50;

/** How long reading an app's page may take while the author waits, in milliseconds. */
export const PAGE_READ_MS = 3_000;

/** What an app says of itself at its client_id. */
export type ClientInformation = {
  /** Empty: nothing. */
  readonly name: string;
  readonly uri: string;
  readonly logoUrl: string;
  readonly redirectUris: readonly string[];
};

/** What holds for an app that says nothing. */
export const NO_INFORMATION: ClientInformation = { name: "", uri: "", logoUrl: "", redirectUris: [] };

/**
 * Reads what an app says of itself from the answer of its client_id: a JSON metadata document, or a page with
 * `rel=redirect_uri` and an h-app. Returns undefined for a document that names another client_id: none of it is believed.
 * Nothing that comes out of here is safe as HTML; addresses are http(s) alone, except those to be sent back to.
 * @see https://indieauth.spec.indieweb.org/#client-information-discovery
 */
export async function readClientInformation(
  clientId: string,
  answer: FetchResponse,
): Promise<ClientInformation | undefined> {
  const type = answer.headers.get("content-type") ?? "";
  if (/^application\/(?:[\w.+-]+\+)?json\b/i.test(type)) return readDocument(clientId, answer.body.toString());
  return readAppPage(answer);
}

function readDocument(clientId: string, text: string): ClientInformation | undefined {
  const document = parseObject(text);
  if (document === undefined || textIn(document, "client_id") !== clientId) return undefined;
  const listed = Object.hasOwn(document, "redirect_uris") ? document.redirect_uris : [];
  const redirectUris = Array.isArray(listed) ? listed.filter((uri): uri is string => typeof uri === "string") : [];
  return {
    name: shorten(textIn(document, "client_name")),
    uri: webAddress(textIn(document, "client_uri")),
    logoUrl: webAddress(textIn(document, "logo_uri")),
    redirectUris: limit(redirectUris),
  };
}

async function readAppPage(answer: FetchResponse): Promise<ClientInformation> {
  const inHeader = linkTargets(answer.headers.get("link") ?? "", "redirect_uri", answer.url);
  const facts = await readApp(answer.body.toString(), answer.url, PAGE_READ_MS);
  return {
    name: shorten(facts?.name ?? ""),
    uri: webAddress(facts?.url ?? ""),
    logoUrl: webAddress(facts?.logoUrl ?? ""),
    redirectUris: limit([...inHeader, ...(facts?.redirectUris ?? [])]),
  };
}

function shorten(name: string): string {
  return [...cleanText(name).replace(/\s+/g, " ").trim()].slice(0, MAX_CLIENT_NAME_LENGTH).join("");
}

function webAddress(address: string): string {
  return address.length <= MAX_IDENTIFIER_LENGTH && urlKind(address) === "web" ? address : "";
}

function limit(uris: readonly string[]): string[] {
  return uris.filter((uri) => uri.length <= MAX_IDENTIFIER_LENGTH).slice(0, MAX_REDIRECT_URIS);
}
