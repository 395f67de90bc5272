import fc from "fast-check";
import { expect, test } from "vitest";
import type { ErrorCode } from "../../src/lib/errors.ts";
import { AppError, invalid } from "../../src/lib/errors.ts";
import { HttpError } from "../../src/web/http-error.ts";
import { createRender } from "../../src/web/render.ts";
import type { Render } from "../../src/web/views.ts";
import { rawRequest } from "../support/server.ts";
import { testWeb } from "../support/web.ts";

const MESSAGE = "The reason, with its limit and <remedy>.";

/** A web whose every route throws what it is given. */
function throwing(error: () => unknown, options: Parameters<typeof testWeb>[1] = {}) {
  return testWeb((router) => {
    router.get("/read", () => {
      throw error();
    });
    router.post("/write", async () => {
      throw await Promise.resolve(error());
    });
    router.get("/admin/part", () => {
      throw error();
    });
    router.post("/admin/part", () => {
      throw error();
    });
    router.get("/micropub", () => {
      throw error();
    });
    router.post("/micropub", () => {
      throw error();
    });
  }, options);
}

const FAILURES: [status: number, error: () => unknown][] = [
  [400, () => new HttpError(400, MESSAGE)],
  [401, () => new AppError("unauthorized", MESSAGE)],
  [403, () => new AppError("forbidden", MESSAGE)],
  [404, () => new AppError("not_found", MESSAGE)],
  [405, () => new HttpError(405, MESSAGE, { headers: { Allow: "POST" } })],
  [406, () => new HttpError(406, MESSAGE)],
  [409, () => new AppError("conflict", MESSAGE)],
  [410, () => new AppError("gone", MESSAGE)],
  [412, () => new HttpError(412, MESSAGE)],
  [413, () => new AppError("too_large", MESSAGE)],
  [415, () => new HttpError(415, MESSAGE)],
  [422, () => invalid("title", MESSAGE)],
  [429, () => new AppError("throttled", MESSAGE, { retryAfterSeconds: 12.2 })],
  [502, () => new AppError("upstream", MESSAGE)],
  [503, () => new AppError("unavailable", MESSAGE, { retryAfterSeconds: 2 })],
  [507, () => new AppError("storage_full", MESSAGE)],
];

test.each(FAILURES)(
  "%i is a page in the site's own look, with the reason and the name of the request",
  async (status, error) => {
    const { http } = await throwing(error);

    const answer = await http.post("/write");

    expect(answer.status).toBe(status);
    expect(answer.headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(answer.headers["cache-control"]).toBe("no-store");
    expect(answer.text).toContain('<main id="main">');
    expect(answer.text).toContain("The reason, with its limit and &lt;remedy&gt;.");
    expect(answer.text).toContain(answer.headers["x-request-id"]);
    expect(answer.text).toContain('<meta name="robots" content="noindex">');
    expect(answer.text).not.toContain('rel="canonical"');
  },
);

test.each(FAILURES)("%i is a problem for whoever prefers JSON", async (status, error) => {
  const { http } = await throwing(error);

  const answer = await http.post("/write").set("Accept", "application/json, text/html;q=0.5");

  expect(answer.status).toBe(status);
  expect(answer.headers["content-type"]).toBe("application/problem+json");
  expect(JSON.parse(answer.text)).toMatchObject({
    type: "about:blank",
    status,
    title: expect.stringMatching(/^[A-Z]/),
    detail: MESSAGE,
    request_id: answer.headers["x-request-id"],
  });
});

test("a fault of ours is a page that says nothing of it, and a line in the log that says all", async () => {
  const { http, lines } = await throwing(() => new Error("SELECT secret FROM /etc", { cause: new Error("deep") }));

  const answer = await http.get("/read");

  expect(answer.status).toBe(500);
  expect(answer.text).toContain("The fault is ours");
  expect(answer.text).not.toMatch(/SELECT|secret|deep|\bat /);
  const line = lines.find(({ event }) => event === "request.failed");
  expect(line).toMatchObject({
    level: "error",
    status: 500,
    route: "/read",
    request_id: answer.headers["x-request-id"],
  });
  expect(JSON.stringify(line)).toContain("SELECT secret");
  expect(JSON.stringify(line)).toContain("deep");
});

test.each([undefined, null, "text", 42, {}, { status: 200 }, { status: "404" }, { status: 599 }, { status: 404.5 }])(
  "throwing %j is a fault of ours",
  async (thrown) => {
    const { http } = await throwing(() => thrown ?? Promise.reject(thrown));

    const answer = await http.post("/write");

    expect(answer.status).toBe(500);
  },
);

test.each([400, 404, 413, 415])(
  "an error of a library that blames the client with %i keeps the status, not its words",
  async (status) => {
    const { http, lines } = await throwing(() => Object.assign(new Error("internal words"), { status }));

    const answer = await http.post("/write");

    expect(answer.status).toBe(status);
    expect(answer.text).not.toContain("internal words");
    expect(lines.map(({ event }) => event)).toEqual(["request.done"]);
  },
);

test.each<[method: "get" | "post", path: string, status: number]>([
  ["post", "/write", 422],
  ["get", "/read", 400],
  ["post", "/micropub", 400],
  ["get", "/micropub", 400],
])("a broken rule at %s %s is %i", async (method, path, status) => {
  const { http } = await throwing(() => invalid("title", MESSAGE));

  const answer = await http[method](path);

  expect(answer.status).toBe(status);
});

test("a problem names the field at fault", async () => {
  const { http } = await throwing(() => invalid("title", MESSAGE));

  const answer = await http.post("/write").set("Accept", "application/json");

  expect(JSON.parse(answer.text)).toMatchObject({ field: "title" });
});

test("when to come back is said in whole seconds, rounded up", async () => {
  const { http } = await throwing(() => new AppError("throttled", MESSAGE, { retryAfterSeconds: 12.2 }));

  const answer = await http.post("/write");

  expect(answer.headers["retry-after"]).toBe("13");
});

test.each<[accept: string | undefined, type: string]>([
  [undefined, "text/html; charset=utf-8"],
  ["", "text/html; charset=utf-8"],
  ["*/*", "text/html; charset=utf-8"],
  ["text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"],
  ["application/rss+xml", "text/html; charset=utf-8"],
  ["application/problem+json", "application/problem+json"],
  ["application/json", "application/problem+json"],
  ["application/json;q=0.5, text/html", "text/html; charset=utf-8"],
  ["text/html;q=0, application/*", "application/problem+json"],
  [";;;,q=", "text/html; charset=utf-8"],
])("Accept %j gets %s", async (accept, type) => {
  const { raw } = await throwing(() => new AppError("gone", MESSAGE));

  const answer = await raw(rawRequest("GET", "/read", accept === undefined ? {} : { Accept: accept }));

  expect([answer.status, answer.headers["content-type"], answer.headers.vary]).toEqual([
    410,
    type,
    "Accept, HX-Request",
  ]);
});

test.each<[code: ErrorCode, status: number, error: string]>([
  ["invalid", 400, "invalid_request"],
  ["unauthorized", 401, "unauthorized"],
  ["forbidden", 403, "forbidden"],
  ["too_large", 413, "invalid_request"],
  ["throttled", 429, "temporarily_unavailable"],
  ["unavailable", 503, "temporarily_unavailable"],
  ["storage_full", 507, "server_error"],
])("at a protocol's address %s is %i with the error %s", async (code, status, error) => {
  const { http } = await throwing(() => new AppError(code, MESSAGE));

  const answer = await http.post("/micropub").set("Accept", "text/html");

  expect(answer.status).toBe(status);
  expect(answer.headers["content-type"]).toBe("application/json; charset=utf-8");
  expect(JSON.parse(answer.text)).toEqual({
    error,
    error_description: MESSAGE,
    request_id: answer.headers["x-request-id"],
  });
  expect(answer.headers["www-authenticate"]).toBe(status === 401 ? "Bearer" : undefined);
});

test("a wrong method at a protocol's address is an error object too", async () => {
  const { http } = await throwing(() => new Error());

  const answer = await http.delete("/micropub");

  expect([answer.status, answer.headers.allow]).toEqual([405, "GET, HEAD, OPTIONS, POST"]);
  expect(JSON.parse(answer.text)).toMatchObject({ error: "invalid_request" });
});

test.each(FAILURES.map(([status, error]) => ({ status, error })))(
  "HEAD of an error has the headers of GET: $status",
  async ({ error }) => {
    const { raw } = await throwing(error);
    const get = await raw(rawRequest("GET", "/read"));

    const head = await raw(rawRequest("HEAD", "/read"));

    expect(head.body).toBe("");
    expect(head.status).toBe(get.status);
    const { date: _d, "x-request-id": _r, ...rest } = head.headers;
    expect(get.headers).toMatchObject(rest);
    expect(head.headers["content-length"]).toBe(String(get.body.length));
  },
);

test("htmx gets a part of a page", async () => {
  const { http } = await throwing(() => new AppError("storage_full", MESSAGE));

  const answer = await http.post("/admin/part").set("HX-Request", "true").set("HX-Request-Type", "partial");

  expect(answer.status).toBe(507);
  expect(answer.text).toMatch(/^<p [^>]*role="alert">The reason, with its limit and &lt;remedy&gt;\./);
  expect(answer.text).not.toContain("<html");
  expect(answer.headers.vary).toContain("HX-Request");
});

test.each<Record<string, string>>([
  { "HX-Request": "true", "HX-Request-Type": "full" },
  { "HX-Request": "true", "HX-History-Restore-Request": "true" },
  { "HX-History-Restore-Request": "true" },
])("htmx that asks for a whole page gets one: %j", async (headers) => {
  const { http } = await throwing(() => new AppError("gone", MESSAGE));

  const answer = await http.get("/admin/part").set(headers);

  expect(answer.text).toContain("<html");
});

test("htmx that only looks is led to the login, and comes back to its page", async () => {
  const { http } = await throwing(() => new AppError("unauthorized", MESSAGE));

  const answer = await http
    .get("/admin/part")
    .set({ "HX-Request": "true", "HX-Current-URL": "http://blog.example/admin/notes?status=draft" });

  expect(answer.status).toBe(401);
  expect(answer.headers["hx-redirect"]).toBe("/login?next=%2Fadmin%2Fnotes%3Fstatus%3Ddraft");
});

test.each(["", "junk", "http://x//evil.example", "javascript:alert(1)", "http://x/\\evil.example"])(
  "the way back is on this site, whatever page htmx names: %j",
  async (url) => {
    const { http } = await throwing(() => new AppError("unauthorized", MESSAGE));

    const answer = await http.get("/admin/part").set({ "HX-Request": "true", "HX-Current-URL": url });

    expect(answer.headers["hx-redirect"]).toMatch(/^\/login(\?next=%2F(?!%2F|%5C).*)?$/);
  },
);

test("htmx that sends what was typed stays where it is when the login has ended", async () => {
  const { http } = await throwing(() => new AppError("unauthorized", MESSAGE));

  const answer = await http.post("/admin/part").set("HX-Request", "true");

  expect(answer.status).toBe(401);
  expect(answer.headers).not.toHaveProperty("hx-redirect");
  expect(answer.text).toContain("Your text is still here");
});

test("when the error page fails as well, there is plain text, and both causes are in the log", async () => {
  const broken: Render = () => {
    throw new Error("no template");
  };
  const { http, lines } = await throwing(() => new Error("no database"), { render: broken });

  const page = await http.get("/read");
  const part = await http.get("/read").set("HX-Request", "true");

  expect(page.status).toBe(500);
  expect(page.headers["content-type"]).toBe("text/plain; charset=utf-8");
  expect(page.text).toContain(page.headers["x-request-id"]);
  expect(page.text).not.toMatch(/template|database/);
  expect(part.headers["content-type"]).toBe("text/plain; charset=utf-8");
  expect(JSON.stringify(lines)).toMatch(/no database.*no template/s);
});

test("what a handler had said of its answer does not stay on the error", async () => {
  const { http } = await testWeb((router) => {
    router.get("/half", (_req, res) => {
      res.set({ ETag: 'W/"a"', "Last-Modified": "x", "Content-Encoding": "br", "Content-Length": "5", Link: "<x>" });
      res.status(201).type("image/png");
      throw new AppError("unavailable", MESSAGE);
    });
  });

  const answer = await http.get("/half");

  expect(answer.status).toBe(503);
  expect(Object.keys(answer.headers)).not.toEqual(expect.arrayContaining(["etag"]));
  expect(answer.headers).not.toHaveProperty("content-encoding");
  expect(answer.headers).not.toHaveProperty("link");
  expect(answer.text).toContain(MESSAGE.slice(0, 20));
});

test("an answer that fails half way is cut off, so that nobody takes it for whole", async () => {
  const { raw, lines } = await testWeb((router) => {
    router.get("/half", async (_req, res) => {
      res.write("half");
      await new Promise((resolve) => setImmediate(resolve));
      throw new Error("lost");
    });
  });

  const answer = await raw(rawRequest("GET", "/half"));

  expect(answer.body).not.toMatch(/0\r\n\r\n$/);
  expect(lines.find(({ event }) => event === "request.done")).toMatchObject({ status: 200, result: "aborted" });
  expect(lines.find(({ event }) => event === "request.failed")).toMatchObject({ status: 500 });
});

test("whatever a message says, the page stays a page", async () => {
  const render = createRender();
  const page = (message: string) => render("fragments/error.njk", { message, requestId: "x" });

  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (message) => {
      expect(page(message).replace(/<\/?(?:p|small|code)\b[^<>]*>/g, "")).not.toMatch(/[<>]/);
    }),
  );
  expect.hasAssertions();
});
