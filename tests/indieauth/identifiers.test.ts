import { describe, expect, test } from "vitest";
import { MAX_IDENTIFIER_LENGTH } from "../../src/auth/client-id.ts";
import { isLoopbackHost, isSameOrigin, parseClientId, parseRedirectUri } from "../../src/indieauth/identifiers.ts";

describe("client_id", () => {
  test.each([
    ["https://app.example", "https://app.example/"],
    ["https://APP.example/Path?a=1", "https://app.example/Path?a=1"],
    ["http://localhost:8080/", "http://localhost:8080/"],
    ["http://127.0.0.1:8080/app", "http://127.0.0.1:8080/app"],
    ["http://[::1]/", "http://[::1]/"],
    ["https://app.example:443/", "https://app.example/"],
    ["https://app.example/a..b/.c", "https://app.example/a..b/.c"],
  ])("%s is an app's, and spelled %s", (sent, canonical) => {
    expect(parseClientId(sent)).toBe(canonical);
  });

  test.each([
    "",
    "app.example",
    "ftp://app.example/",
    "mailto:app@app.example",
    "https://app.example/#part",
    "https://app.example/#",
    "https://user@app.example/",
    "https://user:secret@app.example/",
    "https://app.example/a/../b",
    "https://app.example/./b",
    "https://app.example/a/..",
    "https://app.example/a/%2e%2E/b",
    "https://192.0.2.7/",
    "https://[2001:db8::1]/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://[::ffff:127.0.0.1]/",
  ])("%j is refused, as sent, whatever a parser makes of it", (sent) => {
    expect(() => parseClientId(sent)).toThrow("client_id must be");
  });

  test(`it may have ${MAX_IDENTIFIER_LENGTH} characters and not one more`, () => {
    const longest = `https://app.example/${"a".repeat(MAX_IDENTIFIER_LENGTH - "https://app.example/".length)}`;

    expect(parseClientId(longest)).toBe(longest);
    expect(() => parseClientId(`${longest}a`)).toThrow(String(MAX_IDENTIFIER_LENGTH));
  });
});

describe("redirect_uri", () => {
  test.each([
    "https://app.example/callback?a=1",
    "http://127.0.0.1:9000/",
    "app.example.phone:/done",
    "indigenous://x",
  ])("%s is kept to the letter", (sent) => {
    expect(parseRedirectUri(sent)).toBe(sent);
  });

  test.each([
    "",
    "/callback",
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc/passwd",
    "blob:https://app.example/x",
    "https://app.example/#part",
    "https://user@app.example/",
    "https://app.example/\u00fc",
    "https://app.example/a b",
  ])("%j is refused", (sent) => {
    expect(() => parseRedirectUri(sent)).toThrow("redirect_uri must be");
  });
});

test.each([
  ["https://app.example/cb", "https://app.example/", true],
  ["https://app.example:443/cb", "https://app.example/", true],
  ["http://app.example/cb", "https://app.example/", false],
  ["https://app.example:444/cb", "https://app.example/", false],
  ["https://www.app.example/cb", "https://app.example/", false],
])("that %s belongs to the app %s is %j", (redirectUri, clientId, expected) => {
  expect(isSameOrigin(redirectUri, clientId)).toBe(expected);
});

test.each([
  ["http://localhost:1/", true],
  ["http://app.localhost/", true],
  ["http://127.0.0.1/", true],
  ["http://[::1]:1/", true],
  ["https://app.example/", false],
  ["https://localhost.example/", false],
])("that %s is the machine itself is %j", (clientId, expected) => {
  expect(isLoopbackHost(clientId)).toBe(expected);
});
