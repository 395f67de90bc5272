import type { Request } from "express";
import type { Grant } from "../auth/tokens.ts";
import type { Context } from "../context/context.ts";
import { isKnownForTwoTokens } from "../indieauth/known-apps.ts";
import { steadyMs } from "../lib/clock.ts";
import { throttled } from "../lib/errors.ts";
import type { Gate } from "../lib/gate.ts";
import { createGate } from "../lib/gate.ts";
import type { BearerCheck } from "./bearer.ts";
import { createBearerCheck, headerToken } from "./bearer.ts";
import { bodyType } from "./body.ts";
import type { Form } from "./form.ts";
import { letInFiles, readForm } from "./form.ts";
import { HttpError } from "./http-error.ts";
import { NO_WORDS } from "./micropub-error.ts";
import type { Rate } from "./rate-limit.ts";
import { createRateLimit } from "./rate-limit.ts";

/** Most files that one request may bring along. */
export const MAX_MICROPUB_FILES = 50;
/** Forms with files that are read at once before a token was seen: each is held on the disk. */
export const MAX_STRANGERS = 2;
/** Most bytes of such a form. */
export const MAX_STRANGER_BYTES = 50 * 1024 * 1024;

/** Requests of one token: 250 a second for as long as one likes, and a thousand at once. */
export const MICROPUB_RATE: Rate = { atOnce: 1_000, everyMs: 4 };

/** What stands between strangers and the endpoints of Micropub. One for both, so that they share its limits. */
export type MicropubDoor = {
  /** What the token in the header allows. Throws `unauthorized`, and `throttled` past `MICROPUB_RATE`. */
  require(req: Request): Promise<Grant>;
  /** Reads a form, with its files, and what the token in its header or body allows. Throws as `require`. */
  readForm(req: Request): Promise<{ readonly form: Form; readonly grant: Grant }>;
};

/** Creates the door of a site. */
export function createMicropubDoor(ctx: Pick<Context, "config" | "db" | "clock">): MicropubDoor {
  const tokens: BearerCheck = createBearerCheck(ctx);
  const strangers: Gate = createGate(MAX_STRANGERS);
  const writes = createRateLimit(MICROPUB_RATE, () => steadyMs(ctx.clock));

  const requireGrant = async (req: Request, token: string | undefined): Promise<Grant> => {
    const grant = await tokens.requireGrant(req, token);
    const seconds = writes.take(String(grant.tokenId));
    if (seconds > 0) throw throttled("requests with this token", seconds);
    return grant;
  };

  const readFiles = (req: Request, limits: { maxBytes?: number } = {}): Promise<Form> => {
    const mayBring = bodyType(req) === "multipart/form-data";
    if (mayBring && req.res) letInFiles(ctx, req.res, { max: MAX_MICROPUB_FILES, ...limits });
    return readForm(req);
  };
  // Whoever shows a token first may send files; of strangers' files, whose token may yet come, few are held at a time.
  const readStrangersForm = (req: Request): Promise<Form> => {
    const read = () => readFiles(req, { maxBytes: MAX_STRANGER_BYTES });
    return bodyType(req) === "multipart/form-data" ? strangers.run(read) : read();
  };

  return {
    require: (req) => requireGrant(req, headerToken(req)),
    async readForm(req) {
      const inHeader = headerToken(req);
      const known = inHeader === undefined ? undefined : await requireGrant(req, inHeader);
      const form = await (known === undefined ? readStrangersForm(req) : readFiles(req));
      const inBody = form.has("access_token") ? form.text("access_token") : undefined;
      const isTwice = known !== undefined && inBody !== undefined;
      const isHarmless = isTwice && inBody === inHeader && isKnownForTwoTokens(known.clientId);
      // RFC 6750 (3.1) and the public test suite disagree on the words for this, so there are none.
      if (isTwice && !isHarmless) throw new HttpError(400, NO_WORDS);
      return { form, grant: known ?? (await requireGrant(req, inBody)) };
    },
  };
}
