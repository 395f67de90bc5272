import type { Doing } from "../audit/record.ts";
import { record } from "../audit/record.ts";
import type { Context } from "../context/context.ts";
import { addSeconds } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import { createSecret, hashSecret } from "../lib/secrets.ts";
import { createUrls } from "../lib/urls.ts";
import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";
import { writeSettings } from "../site/change-settings.ts";
import type { Settings } from "../site/settings.ts";
import { checkSettings } from "../site/settings-input.ts";
import { hasAuthor, insertAuthor } from "./author-store.ts";
import type { PasswordCost } from "./password.ts";
import { hashPassword } from "./password.ts";
import { parseNewPassword } from "./password-policy.ts";
import { findSetupLinkEnd, insertSetupLink, removeSetupLinks, removeSetupLinksOutside } from "./setup-link-store.ts";
import { secondsLeft } from "./time-left.ts";

/** How long a set-up link is good, in seconds: an hour. */
export const SETUP_LINK_SECONDS = 3600;

/** What is asked at the first run, as it was sent. */
export type SetUpInput = {
  readonly name: unknown;
  readonly siteTitle: unknown;
  readonly password: unknown;
  readonly timeZone: unknown;
};

/** What is wrong with each answer, in a sentence; no key where nothing is. */
export type SetUpProblems = { readonly [Name in keyof SetUpInput]?: Words };

/** Whose set-up this is: the secret of a link that the operator was shown, or the operator at the command line. */
export type SetUpProof = { readonly secret: string } | "headless";

/** Makes a link for the first run and returns its secret, 256 bits. Links made before stay good. */
export async function createSetupLink(ctx: Pick<Context, "db" | "clock">): Promise<string> {
  const secret = createSecret();
  const now = ctx.clock();
  const link = { secretHash: hashSecret(secret), expiresAt: addSeconds(now, SETUP_LINK_SECONDS) };
  await ctx.db.write(() => {
    // What ends later than a link can was made before the clock was set back, be it by a second.
    removeSetupLinksOutside(ctx.db, { past: now, future: addSeconds(now, 2 * SETUP_LINK_SECONDS) });
    insertSetupLink(ctx.db, link);
  });
  isSetupSecret(ctx, secret); // From now on its hour passes: many a small machine sets its clock only after the start.
  return secret;
}

/** The address that the operator opens; `link` is the name that the page knows. */
export function setupUrl(siteUrl: string, secret: string): string {
  return `${createUrls(siteUrl).setup()}?link=${secret}`;
}

/** Whether the secret is that of a link which is still good. None is once there is an author. */
export function isSetupSecret(ctx: Pick<Context, "db" | "clock">, secret: string): boolean {
  const hash = hashSecret(secret);
  const endsAt = findSetupLinkEnd(ctx.db, hash);
  if (endsAt === undefined || hasAuthor(ctx.db)) return false;
  return secondsLeft(ctx, `setup link ${hash}`, { endsAt, longestSeconds: SETUP_LINK_SECONDS }) > 0;
}

/** Reads all that set-up asks for, and says everything that is wrong with it at once. */
export function checkSetUp(input: SetUpInput): {
  settings: Partial<Settings>;
  password: string;
  problems: SetUpProblems;
} {
  const { settings, problems } = checkSettings({
    authorName: input.name ?? "",
    siteTitle: input.siteTitle ?? "",
    timeZone: input.timeZone ?? "",
  });
  const names = [input.name, input.siteTitle].filter((name) => typeof name === "string");
  const { password = "", problem } = checkPassword(input.password, names);
  return {
    settings,
    password,
    problems: {
      ...(problems.authorName === undefined ? {} : { name: problems.authorName }),
      ...(problems.siteTitle === undefined ? {} : { siteTitle: problems.siteTitle }),
      ...(problem === undefined ? {} : { password: problem }),
      ...(problems.timeZone === undefined ? {} : { timeZone: problems.timeZone }),
    },
  };
}

/**
 * Makes the author, once: of two at the same time one wins. Voids every set-up link. Throws `invalid` for the first
 * answer that breaks its rule, `conflict` when there is an author, `forbidden` when the secret is not good.
 */
export async function setUp(
  ctx: Doing<"db" | "clock">,
  input: SetUpInput & { readonly passwordCost?: PasswordCost },
  proof: SetUpProof,
): Promise<void> {
  const { settings, password, problems } = checkSetUp(input);
  const [first] = Object.entries(problems);
  requireRight(ctx, proof);
  if (first) throw new AppError("invalid", first[1], { field: first[0] });

  const passwordHash = await hashPassword(password, input.passwordCost);
  await ctx.db.write(() => {
    requireRight(ctx, proof); // Someone else may have been quicker while this password was hashed.
    const now = ctx.clock();
    insertAuthor(ctx.db, passwordHash, now);
    removeSetupLinks(ctx.db);
    writeSettings(ctx.db, settings, now);
    record(ctx, { kind: "site.set_up" });
  });
}

function requireRight(ctx: Pick<Context, "db" | "clock">, proof: SetUpProof): void {
  if (hasAuthor(ctx.db)) {
    throw new AppError("conflict", said`This site is set up already. Log in with the author's password.`);
  }
  if (proof !== "headless" && !isSetupSecret(ctx, proof.secret)) {
    throw new AppError(
      "forbidden",
      said`This set-up link is not good: it works once, for an hour. Restart the server for a fresh one.`,
    );
  }
}

function checkPassword(value: unknown, names: readonly string[]): { password?: string; problem?: string } {
  try {
    return { password: parseNewPassword(value, { field: "password", names }) };
  } catch (error) {
    // Collected, so that the form can show every problem at once.
    if (!(error instanceof AppError)) throw error;
    return { problem: error.message };
  }
}
