import type { Context } from "../../context/context.ts";
import type { JsonObject } from "../../lib/json-object.ts";
import { parseObject, textIn } from "../../lib/json-object.ts";
import type { Words } from "../../lib/words.ts";
import { said } from "../../lib/words.ts";
import type { FoundServer } from "./found-server.ts";
import { DISCOVERY_WITHIN_MS, MAX_DISCOVERY_BYTES, toEndpoint } from "./found-server.ts";
import { isAsSafeAs } from "./profile-url.ts";
import type { Refusal, Seen } from "./refusal.ts";
import { seenOf, shorten } from "./refusal.ts";

/** Whose metadata it is, where that address led, and where the metadata are. */
export type MetadataPlace = { readonly me: string; readonly landed: string; readonly url: string };

/**
 * Reads what a server says of itself. An issuer that is not the beginning of the document's own address is not believed:
 * it would let one server speak in the name of another.
 * @see https://indieauth.spec.indieweb.org/#indieauth-server-metadata
 */
export async function readServerMetadata(
  ctx: Pick<Context, "fetch">,
  { me, landed, url }: MetadataPlace,
): Promise<FoundServer | Refusal> {
  const limits = { maxBytes: MAX_DISCOVERY_BYTES, withinMs: DISCOVERY_WITHIN_MS };
  const answer = await ctx.fetch(url, { accept: "application/json", ...limits });
  const seen = seenOf(url, answer);
  if (!answer.ok) return refuse(said`The server's metadata could not be read: ${answer.outcome.reason}`, seen);
  if (answer.status !== 200) return refuse(said`The server's metadata answered with status ${answer.status}.`, seen);
  if (!isAsSafeAs(me, answer.url)) return refuse(said`The server's metadata came over plain http.`, seen);
  const document = parseObject(answer.body.toString());
  if (document === undefined) return refuse(said`The server's metadata are no JSON object.`, seen);
  return readDocument(document, { me, landed, url: answer.url }, seen);
}

function readDocument(document: JsonObject, { me, landed, url }: MetadataPlace, seen: Seen): FoundServer | Refusal {
  const issuer = textIn(document, "issuer");
  if (issuer === "") return refuse(said`The server's metadata name no issuer.`, seen);
  if (!url.startsWith(issuer)) {
    return refuse(
      said`The server's metadata name the issuer ${shorten(issuer)}, but are not at an address below it.`,
      seen,
    );
  }
  const authorizationEndpoint = toEndpoint(me, url, textIn(document, "authorization_endpoint"));
  if (authorizationEndpoint === undefined) {
    return refuse(said`The server's metadata name no authorization_endpoint that can be used.`, seen);
  }
  const tokenEndpoint = toEndpoint(me, url, textIn(document, "token_endpoint"));
  const says = "authorization_response_iss_parameter_supported";
  const namesIssuer = Object.hasOwn(document, says) && document[says] === true;
  return { landed, authorizationEndpoint, tokenEndpoint, issuer, namesIssuer };
}

function refuse(reason: Words, seen: Seen): Refusal {
  return { step: "server", reason, seen };
}
