import { expect, test } from "vitest";
import {
  MAX_CLIENT_NAME_LENGTH,
  MAX_REDIRECT_URIS,
  NO_INFORMATION,
  readClientInformation,
} from "../../src/indieauth/client-information.ts";
import type { FetchResponse } from "../../src/lib/safe-fetch.ts";

const CLIENT = "https://app.example/";

function answer(body: string, headers: Record<string, string> = { "content-type": "text/html" }): FetchResponse {
  return { ok: true, status: 200, headers: new Map(Object.entries(headers)), body: Buffer.from(body), url: CLIENT };
}

function json(document: unknown, type = "application/json"): FetchResponse {
  return answer(typeof document === "string" ? document : JSON.stringify(document), { "content-type": type });
}

test("a metadata document says name, home page, logo and ways back", async () => {
  const document = {
    client_id: CLIENT,
    client_name: "An\n app",
    client_uri: "https://app.example/about",
    logo_uri: "https://app.example/logo.png",
    redirect_uris: ["https://app.example/cb", "app:/done", 7],
  };

  expect(await readClientInformation(CLIENT, json(document))).toEqual({
    name: "An app",
    uri: "https://app.example/about",
    logoUrl: "https://app.example/logo.png",
    redirectUris: ["https://app.example/cb", "app:/done"],
  });
});

test.each([
  [{ client_id: "https://app.example", client_name: "Almost" }],
  [{ client_name: "Nobody" }],
  [{ client_id: "https://other.example/", redirect_uris: ["https://evil.example/"] }],
  ["not json"],
  ["[]"],
  ["null"],
])("nothing is believed of %j", async (document) => {
  expect(await readClientInformation(CLIENT, json(document))).toBeUndefined();
});

test("addresses that are no web addresses are dropped, and shapes that are none are nothing", async () => {
  const document = {
    client_id: CLIENT,
    client_name: 3,
    client_uri: "javascript:alert(1)",
    logo_uri: "data:,x",
    redirect_uris: {},
  };

  expect(await readClientInformation(CLIENT, json(document))).toEqual(NO_INFORMATION);
});

test("a page says it by rel=redirect_uri, in its header too, and by an h-app", async () => {
  const html = `<link rel="redirect_uri" href="/one"><div class="h-app"><img class="u-logo" src="/l.png" alt="Logo">
    <a class="u-url p-name" href="/">The app</a></div>`;
  const page = answer(html, { "content-type": "text/html", link: '<two>; rel="redirect_uri"' });

  expect(await readClientInformation(CLIENT, page)).toEqual({
    name: "The app",
    uri: "https://app.example/",
    logoUrl: "https://app.example/l.png",
    redirectUris: ["https://app.example/two", "https://app.example/one"],
  });
});

test.each(["", "plain text", "<body></body>", "<p>no app</p>", '<div class="h-app">'.repeat(4_000)])(
  "a page such as %.20j says nothing and breaks nothing",
  async (html) => {
    expect((await readClientInformation(CLIENT, answer(html)))?.redirectUris).toEqual([]);
  },
);

test(`a name is cut after ${MAX_CLIENT_NAME_LENGTH} characters, and ${MAX_REDIRECT_URIS} ways back are kept`, async () => {
  const uris = Array.from({ length: MAX_REDIRECT_URIS + 1 }, (_, index) => `app:/${index}`);
  const document = { client_id: CLIENT, client_name: "n".repeat(MAX_CLIENT_NAME_LENGTH + 1), redirect_uris: uris };

  const { name, redirectUris } =
    (await readClientInformation(CLIENT, json(document, "application/ld+json"))) ?? NO_INFORMATION;

  expect(name).toBe("n".repeat(MAX_CLIENT_NAME_LENGTH));
  expect(redirectUris).toEqual(uris.slice(0, MAX_REDIRECT_URIS));
});
