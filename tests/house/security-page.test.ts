import { expect, test } from "vitest";
import { CHALLENGE_SECONDS } from "../../src/auth/challenges.ts";
import { HALF_LOGIN_SECONDS } from "../../src/auth/half-logins.ts";
import { MAX_PASSWORD_BYTES, MIN_PASSWORD_LENGTH } from "../../src/auth/password-policy.ts";
import { RECOVERY_CODE_BYTES, RECOVERY_CODES } from "../../src/auth/recovery-codes.ts";
import { SESSION_IDLE_SECONDS, SESSION_LIFETIME_SECONDS } from "../../src/auth/session.ts";
import { SETUP_LINK_SECONDS } from "../../src/auth/set-up.ts";
import { MAX_TRIES_IN_ALL, MAX_TRIES_PER_ADDRESS, TRY_SECONDS } from "../../src/auth/throttle.ts";
import { CODE_DIGITS, CODE_SECONDS, CODE_WINDOW } from "../../src/auth/totp.ts";
import { SIGN_IN_SECONDS } from "../../src/indieauth/sign-in/begin.ts";
import { DISCOVERY_WITHIN_MS, MAX_DISCOVERY_BYTES } from "../../src/indieauth/sign-in/found-server.ts";
import { MAX_IDENTITIES } from "../../src/indieauth/sign-in/identities.ts";
import { MAX_SEEN_LENGTH } from "../../src/indieauth/sign-in/refusal.ts";
import { BODY_BYTES_PER_SECOND, FREE_BODY_MS, STRANGER_BODY_MS } from "../../src/lib/http-body-pace.ts";
import { HEADERS_TIMEOUT_MS, MAX_HEAD_BYTES, REQUEST_TIMEOUT_MS } from "../../src/lib/http-server.ts";
import { DEFAULT_SETTINGS } from "../../src/site/settings.ts";
import { MAX_IMAGE_MEGABYTES, MAX_MEDIA_MEGABYTES } from "../../src/site/settings-input.ts";
import { MAX_BODY_BYTES } from "../../src/web/body.ts";
import { MAX_FORM_FIELDS } from "../../src/web/form.ts";
import { MAX_JSON_DEPTH } from "../../src/web/json-body.ts";
import { MAX_STRANGER_BYTES, MAX_STRANGERS } from "../../src/web/micropub-door.ts";
import { MAX_FORM_FILES, MAX_UPLOAD_BYTES } from "../../src/web/multipart.ts";
import { CHALLENGE_RATE, SEARCH_RATE, WRONG_SECRET_RATE } from "../../src/web/rate-limit.ts";
import { readText } from "./sources.ts";

const MB = 1024 * 1024;

test("the limits in docs/security.md are those of the program", () => {
  const page = readText("docs/security.md");

  const rows = [...page.matchAll(/^\| ([^|]+) \| ([^|]*\d[^|]*) \|/gm)].map(([, what, limit]) => [what, limit]);

  expect(TRY_SECONDS).toBe(3600);
  expect(rows).toEqual([
    ["wrong passwords and codes from one visitor", `${MAX_TRIES_PER_ADDRESS} an hour`],
    ["wrong passwords and codes from everybody together", `${MAX_TRIES_IN_ALL} an hour`],
    ["wrong tokens, codes, set-up links and preview links, from one visitor", inWords(WRONG_SECRET_RATE)],
    ["challenges for passkeys of one visitor", inWords(CHALLENGE_RATE)],
    ["searches of one visitor", inWords(SEARCH_RATE)],
    ["head of a request", `${MAX_HEAD_BYTES / 1024} KB, ${HEADERS_TIMEOUT_MS / 1000} s`],
    ["body of a stranger", `${STRANGER_BODY_MS / 1000} s`],
    [
      "body of someone with a login or a token",
      `${FREE_BODY_MS / 1000} s, then ${BODY_BYTES_PER_SECOND / 1024} KB/s on average`,
    ],
    ["whole request", `${REQUEST_TIMEOUT_MS / 1000} s`],
    ["body without files", `${MAX_BODY_BYTES / MB} MB, ${MAX_FORM_FIELDS} fields, JSON ${MAX_JSON_DEPTH} levels deep`],
    ["form with files", `${MAX_UPLOAD_BYTES / MB} MB, ${MAX_FORM_FILES} files`],
    ["form with files of a stranger", `${MAX_STRANGER_BYTES / MB} MB, ${MAX_STRANGERS} at once`],
    ["image", `${DEFAULT_SETTINGS.maxImageMegabytes} MB, by setting up to ${MAX_IMAGE_MEGABYTES}`],
    ["film, recording, document", `${DEFAULT_SETTINGS.maxMediaMegabytes} MB, by setting up to ${MAX_MEDIA_MEGABYTES}`],
  ]);
  expect(page).toContain(`${MIN_PASSWORD_LENGTH} characters to ${MAX_PASSWORD_BYTES.toLocaleString("en")} bytes`);
  expect(page).toContain(
    `${SESSION_IDLE_SECONDS / 86_400} days without use, after ${SESSION_LIFETIME_SECONDS / 86_400}`,
  );
  expect(SETUP_LINK_SECONDS).toBe(3600);
  expect(page).toContain(`one of at most ${MAX_IDENTITIES} addresses`);
  expect(page).toContain(`${MAX_DISCOVERY_BYTES / 1024} KB, ${DISCOVERY_WITHIN_MS / 1000} s each`);
  expect(page).toContain(`${MAX_SEEN_LENGTH} characters as text`);
  expect(SIGN_IN_SECONDS).toBe(600);
  expect(CHALLENGE_SECONDS).toBe(5 * 60);
  expect(HALF_LOGIN_SECONDS).toBe(10 * 60);
  expect([RECOVERY_CODES, RECOVERY_CODE_BYTES * 8]).toEqual([10, 80]);
  expect([CODE_DIGITS, CODE_SECONDS, CODE_WINDOW]).toEqual([6, 30, 1]);
});

function inWords({ atOnce, everyMs }: { atOnce: number; everyMs: number }): string {
  return `${atOnce} at once, then 1 every ${everyMs / 1000} s`;
}
