import { expect, test } from "vitest";
import {
  MAX_SCOPE_LENGTH,
  MAX_SCOPES,
  MAX_STATE_LENGTH,
  readAsker,
  readAuthorizationRequest,
} from "../../src/indieauth/authorization-request.ts";

const ASKER = { clientId: "https://app.example/", redirectUri: "https://app.example/cb" };
const CHALLENGE = "c".repeat(43);
const SENT = {
  response_type: "code",
  client_id: "https://app.example",
  redirect_uri: ASKER.redirectUri,
  state: "xyz",
  scope: "create  update create",
  code_challenge: CHALLENGE,
  code_challenge_method: "S256",
};

function read(changes: Record<string, string | string[]>, allowsNoChallenge = false) {
  const sent: Record<string, string | string[] | undefined> = { ...SENT, ...changes };
  const all = (name: string) => [sent[name] ?? []].flat();
  return readAuthorizationRequest({ all }, ASKER, { allowsNoChallenge });
}

test("a request names who asks, the way back, state, scopes each once, and the challenge", () => {
  expect(readAsker({ all: (name) => [SENT[name as keyof typeof SENT]] })).toEqual(ASKER);
  expect(read({})).toEqual({ ...ASKER, state: "xyz", scopes: ["create", "update"], codeChallenge: CHALLENGE });
});

test.each<[Record<string, string | string[]>, string]>([
  [{ response_type: "token" }, "unsupported_response_type"],
  [{ response_type: "" }, "unsupported_response_type"],
  [{ code_challenge: "" }, "invalid_request"],
  [{ code_challenge_method: "" }, "invalid_request"],
  [{ code_challenge_method: "plain" }, "invalid_request"],
  [{ code_challenge: "c".repeat(42) }, "invalid_request"],
  [{ code_challenge: "c".repeat(44) }, "invalid_request"],
  [{ code_challenge: "", code_challenge_method: "" }, "invalid_request"],
  [{ scope: 'cre"ate' }, "invalid_scope"],
  [{ scope: "cr\u00e9ate" }, "invalid_scope"],
  [{ state: ["a", "b"] }, "invalid_request"],
  [{ scope: ["create", "update"] }, "invalid_scope"],
])("%j is answered with %s", (changes, error) => {
  expect(read(changes)).toMatchObject({ error });
});

test("where the author allows it, both parts of PKCE may be missing, but not one of them", () => {
  expect(read({ code_challenge: "", code_challenge_method: "" }, true)).toMatchObject({ codeChallenge: undefined });
  expect(read({ code_challenge_method: "" }, true)).toMatchObject({ error: "invalid_request" });
});

test("limits of state and scopes hold to the letter", () => {
  const scopes = Array.from({ length: MAX_SCOPES + 1 }, (_, number) => `scope${number}`);

  expect(read({ state: "s".repeat(MAX_STATE_LENGTH) })).toHaveProperty("state");
  expect(read({ state: "s".repeat(MAX_STATE_LENGTH + 1) })).toMatchObject({ error: "invalid_request" });
  expect(read({ scope: "s".repeat(MAX_SCOPE_LENGTH) })).toHaveProperty("scopes");
  expect(read({ scope: "s".repeat(MAX_SCOPE_LENGTH + 1) })).toMatchObject({ error: "invalid_scope" });
  expect(read({ scope: scopes.slice(1).join(" ") })).toHaveProperty("scopes");
  expect(read({ scope: scopes.join(" ") })).toMatchObject({ error: "invalid_scope" });
});

test("without a usable client_id or way back there is nowhere to send an error", () => {
  expect(() => readAsker({ all: () => [] })).toThrow("client_id must be");
  expect(() => readAsker({ all: (name) => (name === "client_id" ? ["https://app.example/"] : ["/cb"]) })).toThrow(
    "redirect_uri must be",
  );
  expect(() => readAsker({ all: () => ["https://a.example/", "https://b.example/"] })).toThrow("2 times");
});
