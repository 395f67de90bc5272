import { SCOPES } from "../auth/scope.ts";
import type { Context } from "../context/context.ts";
import { createUrls } from "../lib/urls.ts";
import { profileUrl } from "./identifiers.ts";

/**
 * What apps must know of this server: where its endpoints are and what they can do.
 * @see https://indieauth.spec.indieweb.org/#indieauth-server-metadata
 */
export function serverMetadata(ctx: Pick<Context, "config">): Readonly<Record<string, unknown>> {
  const urls = createUrls(ctx.config.SITE_URL);
  return {
    issuer: profileUrl(ctx.config.SITE_URL),
    authorization_endpoint: urls.authorization(),
    token_endpoint: urls.token(),
    introspection_endpoint: urls.introspection(),
    revocation_endpoint: urls.revocation(),
    revocation_endpoint_auth_methods_supported: ["none"],
    userinfo_endpoint: urls.userinfo(),
    scopes_supported: Object.keys(SCOPES),
    response_types_supported: ["code"],
    grant_types_supported: ["authorization_code", "refresh_token"],
    code_challenge_methods_supported: ["S256"],
    authorization_response_iss_parameter_supported: true,
    client_id_metadata_document_supported: true,
    service_documentation: "https://indieauth.spec.indieweb.org/",
  };
}
