import type { Context } from "../../context/context.ts";
import { createUrls } from "../../lib/urls.ts";
import { readSettings } from "../../site/settings-store.ts";

/** What this site says of itself to the servers that it sends its author to. */
export type ClientDocument = {
  readonly client_id: string;
  readonly client_name: string;
  readonly client_uri: string;
  readonly logo_uri?: string;
  readonly redirect_uris: readonly string[];
};

/**
 * The client metadata of this site, which stand at its client_id.
 * @see https://indieauth.spec.indieweb.org/#client-metadata
 */
export function clientDocument(ctx: Pick<Context, "db" | "config">): ClientDocument {
  const urls = createUrls(ctx.config.SITE_URL);
  const { siteTitle, siteIcon } = readSettings(ctx.db);
  return {
    client_id: urls.clientDocument(),
    client_name: siteTitle,
    client_uri: urls.home(),
    ...(siteIcon === "" ? {} : { logo_uri: urls.media(siteIcon) }),
    redirect_uris: [urls.signInAnswer()],
  };
}
