import { expect, test } from "vitest";
import { isCommonPassword } from "../../src/auth/common-passwords.ts";
import {
  isPossiblePassword,
  MAX_PASSWORD_BYTES,
  MIN_PASSWORD_LENGTH,
  parseNewPassword,
} from "../../src/auth/password-policy.ts";
import { AppError } from "../../src/lib/errors.ts";

const KNOWN = { field: "password", names: ["Ada Lovelace King", "The Analytical Site"] };

test("limits are what the manual says", () => {
  expect([MIN_PASSWORD_LENGTH, MAX_PASSWORD_BYTES]).toEqual([12, 1024]);
});

test.each([
  ["12 characters", `${"ζ".repeat(11)}x`],
  ["12 characters beyond the BMP", "🦊".repeat(12)],
  ["1,024 bytes", "y".repeat(1024)],
  ["one kind of characters only", "xkqjzvbwmplf"],
  ["spaces at both ends, which are kept", "  quiet dusk  "],
])("%s may be a password", (_what, password) => {
  expect(parseNewPassword(password, KNOWN)).toBe(password);
});

test.each([
  ["11 characters", `${"x".repeat(3)}qjzvbwmp`, /at least 12 characters/],
  ["11 characters beyond the BMP", "🦊".repeat(11), /at least 12 characters/],
  ["nothing", "", /at least 12 characters/],
  ["no text", ["a quiet walk at dusk"], /at least 12 characters/],
  ["1,025 bytes", "y".repeat(1025), /longer than 1,024 bytes/],
  ["1,024 bytes and a half in two-byte letters", `y${"ζ".repeat(512)}`, /longer than 1,024 bytes/],
  ["a common one", "password1234", /Attackers try/],
  ["a common one in capitals", "PassWord1234", /Attackers try/],
  ["a common one in wide letters", "ｐａｓｓｗｏｒｄ1234", /Attackers try/],
  ["the author's name", "ada lovelace king", /Everyone knows/],
  ["the site's title", " The Analytical Site ", /Everyone knows/],
])("%s is refused, at its field", (_what, password, sentence) => {
  const refusal = refusalOf(() => parseNewPassword(password, KNOWN));

  expect(refusal.message).toMatch(sentence);
  expect([refusal.code, refusal.field]).toEqual(["invalid", "password"]);
});

test("the list has thousands of entries, keyboard walks, digits and phrases of several languages among them", () => {
  const common = ["123456789012", "qwertyuiop12", "1qaz2wsx3edc", "letmeinletmein", "iloveyou1234", "passwordpassword"];
  const others = [
    "correcthorsebatterystaple",
    "пароль123456",
    "motdepasse123",
    "passwort1234",
    "Welcome2026!",
    "starpunk1234",
  ];

  expect([...common, ...others].filter((password) => !isCommonPassword(password))).toEqual([]);
  expect(isCommonPassword("a quiet walk at dusk")).toBe(false);
});

test("what is longer than any password is not even a guess", () => {
  expect(isPossiblePassword("y".repeat(1024))).toBe(true);
  expect(isPossiblePassword("y".repeat(1025))).toBe(false);
  expect(isPossiblePassword("")).toBe(false);
});

function refusalOf(work: () => unknown): AppError {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error("It was not refused.");
}
