import { expect, test } from "vitest";
import { toListenError } from "../../src/cli/listen-error.ts";

const WHERE = { HOST: "192.0.2.1", PORT: 80 };

test.each([
  ["EADDRINUSE", /^PORT: 80 on 192\.0\.2\.1 is in use/],
  ["EACCES", /^PORT: this user may not listen on 80/],
  ["EADDRNOTAVAIL", /^HOST: 192\.0\.2\.1 is no address of this machine/],
  ["ENOTFOUND", /^HOST: 192\.0\.2\.1 is no address of this machine/],
])("%s becomes a sentence that names the setting", (code, sentence) => {
  const cause = Object.assign(new Error("listen"), { code });

  expect(toListenError(cause, WHERE)).toMatchObject({
    name: "AppError",
    message: expect.stringMatching(sentence),
    cause,
  });
});

test("another error stays what it is", () => {
  const error = Object.assign(new Error("listen"), { code: "EMFILE" });

  expect(toListenError(error, WHERE)).toBe(error);
});
