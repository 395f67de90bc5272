import fc from "fast-check";
import { expect, test } from "vitest";
import { MAX_HITS } from "../../src/search/search-store.ts";
import { testApp } from "../support/app.ts";
import { logInAgent } from "../support/author.ts";
import { query, queryAll, textOf } from "../support/dom.ts";
import { storeNotes } from "../support/stored-note.ts";

/** Logged in, so that the limit of searches is not met. */
async function appWith(count: number) {
  const app = await testApp();
  await logInAgent(app);
  await storeNotes(
    app.ctx,
    Array.from({ length: count }, (_, index) => ({ contentText: "A needle", slug: `n${index}` })),
  );
  return app;
}

test.each(["/search?q=needle", "/search?q=needle&sort=relevance"])(
  "the pages of %s lead to each other, and each hit stands on one",
  async (path) => {
    const { http } = await appWith(MAX_HITS + 1);

    const first = await http.get(path).expect(200);
    const second = await http.get(query(first.text, "a[rel=next]")?.attributes.href ?? "").expect(200);
    const again = await http.get(query(second.text, "a[rel=prev]")?.attributes.href ?? "").expect(200);

    expect([first, second, again].map(({ text }) => queryAll(text, "article").length)).toEqual([MAX_HITS, 1, MAX_HITS]);
    expect(query(first.text, "link[rel=next]")?.attributes.href).toContain("before=");
    expect(query(first.text, "a[rel=prev]")).toBeUndefined();
    expect(query(second.text, "a[rel=next]")).toBeUndefined();
  },
);

test("a page of hits leads to the other order, and says which one it has", async () => {
  const { http } = await appWith(2);

  const newest = await http.get("/search?q=needle").expect(200);
  const best = await http.get(queryAll(newest.text, ".orders a")[1]?.attributes.href ?? "").expect(200);

  expect([newest, best].map(({ text }) => textOf(query(text, ".orders [aria-current]")))).toEqual([
    "Newest first",
    "Best first",
  ]);
  expect(query(best.text, "input[name=sort]")?.attributes.value).toBe("relevance");
});

test("a misspelt word leads to what may have been meant, for readers and the author", async () => {
  const { http } = await appWith(1);

  for (const path of ["/search", "/admin"]) {
    const page = await http.get(`${path}?q=neddle+-x`).expect(200);
    const suggestion = query(page.text, ".message a");
    const found = await http.get(suggestion?.attributes.href ?? "").expect(200);

    expect(textOf(suggestion)).toBe("needle -x");
    expect(queryAll(found.text, path === "/search" ? "article" : ".row")).toHaveLength(1);
  }
});

test("readers and the author are told what can be searched for", async () => {
  const { http } = await appWith(1);

  for (const path of ["/search", "/admin"]) {
    const page = await http.get(path).expect(200);
    expect(queryAll(page.text, ".search-help dt").map(textOf)).toContain("kind:photo");
  }
});

test("the author's search has pages, and keeps its status and order on the way", async () => {
  const { http } = await appWith(51);

  const first = await http.get("/admin?q=needle&status=published&sort=relevance").expect(200);
  const href = query(first.text, "a[rel=next]")?.attributes.href ?? "";
  const second = await http.get(href).expect(200);

  expect(href).toMatch(/^\/admin\?status=published&q=needle&sort=relevance&before=/u);
  expect(queryAll(second.text, ".row")).toHaveLength(1);
});

test("no address of a search is answered with anything but a page, for readers and the author", async () => {
  const { http } = await appWith(1);
  const syntax = fc.constantFrom(
    ...[
      "AND",
      "OR",
      "NOT",
      "NEAR(",
      ")",
      "^",
      "*",
      '"',
      ":",
      "{title}",
      "-",
      "tag:",
      "kind:",
      "year:",
      "needle",
      "+",
      " ",
    ],
    ...[
      "'",
      "\0",
      "%",
      "京",
      "e\u0301",
      "year:0001",
      "year:9999",
      'tag:"a',
      "NEAR(a b, 5)",
      "text : x",
      "\ud800",
      "\u2028",
    ],
  );
  const typed = fc.oneof(
    fc.array(syntax, { maxLength: 12 }).map((parts) => parts.join("")),
    fc.array(syntax, { maxLength: 12 }).map((parts) => parts.join(" ")),
    fc.string({ unit: "binary", maxLength: 250 }),
  );
  const asked = fc.record(
    { q: typed, sort: fc.constantFrom("relevance", "", "x"), before: typed, after: typed },
    { requiredKeys: ["q"] },
  );

  await fc.assert(
    fc.asyncProperty(asked, fc.constantFrom("/search", "/admin"), async (parameters, path) => {
      // A list of the author's without a query has places of its own.
      const page = await http.get(`${path}?${new URLSearchParams({ ...parameters, q: `a${parameters.q}` })}`);
      expect([page.status, parameters]).toEqual([200, parameters]);
    }),
    { numRuns: 150 },
  );
});
