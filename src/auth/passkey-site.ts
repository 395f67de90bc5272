import ipaddr from "ipaddr.js";
import type { Config } from "../config/config.ts";
import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";

/** What the passkeys of this site belong to. */
export type PasskeySite = {
  /** Relying party: the host name without its port. */
  readonly rpId: string;
  readonly origin: string;
};

/**
 * What passkeys of this site belong to; undefined where browsers make none: at an IP address, and over plain http
 * anywhere but on this machine's own name.
 * @see https://www.w3.org/TR/webauthn-3/#rp-id
 */
export function findPasskeySite({ SITE_URL }: Pick<Config, "SITE_URL">): PasskeySite | undefined {
  const { protocol, hostname, origin } = new URL(SITE_URL);
  if (hostname.startsWith("[") || ipaddr.isValid(hostname)) return undefined;
  const isLocal = hostname === "localhost" || hostname.endsWith(".localhost");
  return protocol === "https:" || isLocal ? { rpId: hostname, origin } : undefined;
}

/** Why the site's address can have no passkeys, and what helps; empty where it can. */
export function whyNoPasskeys(config: Pick<Config, "SITE_URL">): Words {
  if (findPasskeySite(config) !== undefined) return "";
  const { hostname } = new URL(config.SITE_URL);
  const isAddress = hostname.startsWith("[") || ipaddr.isValid(hostname);
  return isAddress
    ? said`Browsers keep no passkeys for an address of numbers such as ${config.SITE_URL}. Give the site a name with https and set SITE_URL to it.`
    : said`Browsers keep no passkeys over plain http, as at ${config.SITE_URL}. Give the site a name with https and set SITE_URL to it.`;
}
