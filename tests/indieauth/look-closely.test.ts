import { expect, test } from "vitest";
import type { AuthorizationRequest } from "../../src/indieauth/authorization-request.ts";
import { cautionsFor } from "../../src/indieauth/look-closely.ts";

const PLAIN: AuthorizationRequest = {
  clientId: "https://app.example/",
  redirectUri: "https://app.example/cb",
  state: "",
  scopes: [],
  codeChallenge: "c".repeat(43),
};

function cautions(changes: Partial<AuthorizationRequest>, knownHosts: string[] = [], problem = "") {
  return cautionsFor({ ...PLAIN, ...changes }, { knownHosts, problem });
}

test("of an ordinary app nothing is said", () => {
  expect(cautions({}, ["app.example", "example", "www.app.example", "something-else.example"])).toEqual([]);
});

test.each([
  ["https://quiil.example/", "quill.example"],
  ["https://quill-example.com/", "quill.example.com"],
  ["https://b1og.example/", "blog.example"],
])("that %s looks like %s is said", (clientId, known) => {
  const redirectUri = `${clientId}cb`;
  expect(cautions({ clientId, redirectUri }, ["far.away.test", known])).toEqual([
    { kind: "lookalike", host: new URL(clientId).hostname, known },
  ]);
});

test("hosts too short to tell apart are not compared", () => {
  expect(cautions({ clientId: "https://a.co/", redirectUri: "https://a.co/cb" }, ["b.co"])).toEqual([]);
});

test("letters of other scripts are shown both ways", () => {
  const clientId = "https://\u0430pple.example/";
  const host = new URL(clientId).hostname;

  expect(cautions({ clientId, redirectUri: `https://${host}/cb` })).toEqual([
    { kind: "foreign-letters", shown: "\u0430pple.example", host },
  ]);
});

test("a way back to another site or into a program is said, and what is missing too", () => {
  expect(cautions({ redirectUri: "https://www.app.example/cb" })).toEqual([
    { kind: "other-site", host: "www.app.example" },
  ]);
  expect(cautions({ redirectUri: "indigenous://done" })).toEqual([{ kind: "opens-app", scheme: "indigenous" }]);
  expect(cautions({ clientId: "http://app.example/", redirectUri: "http://app.example/cb" })).toEqual([
    { kind: "not-encrypted" },
  ]);
  expect(cautions({ codeChallenge: undefined })).toEqual([{ kind: "no-challenge" }]);
  expect(cautions({}, [], "It does not answer.")).toEqual([{ kind: "unknown-app", problem: "It does not answer." }]);
  expect(cautions({ clientId: "http://localhost:1/", redirectUri: "http://localhost:1/" })).toEqual([]);
});
