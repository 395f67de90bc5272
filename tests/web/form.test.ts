import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { RequestHandler } from "express";
import { expect, test } from "vitest";
import { MAX_BODY_BYTES } from "../../src/web/body.ts";
import type { Form } from "../../src/web/form.ts";
import { MAX_FORM_FIELDS, readForm, takesFiles } from "../../src/web/form.ts";
import { MAX_FORM_FILES, MAX_UPLOAD_BYTES } from "../../src/web/multipart.ts";
import { hangUp, MULTIPART, multipart, post } from "../support/multipart.ts";
import { testWeb } from "../support/web.ts";

const URLENCODED = "application/x-www-form-urlencoded";

/** What `/small` takes in all. */
const SMALL_BYTES = 100_000;

/** A web that says what it read. `/files` takes files, `/two` two of them, `/dropped` passes them over. */
function forms() {
  const show: RequestHandler = async (req, res) => void res.json(toJson(await readForm(req)));
  return testWeb((router, ctx) => {
    router.post("/plain", show);
    router.post("/files", takesFiles(ctx), show);
    router.post("/small", takesFiles(ctx, { maxBytes: SMALL_BYTES }), show);
    router.post("/two", takesFiles(ctx, { max: 2 }), show);
    router.post(
      "/dropped",
      takesFiles(ctx),
      (_req, res, next) => {
        res.locals.dropsFiles = true;
        next();
      },
      show,
    );
    router.post("/twice", async (req, res) => {
      const [first, second] = [await readForm(req), await readForm(req)];
      res.json({ same: first === second, ...toJson(second) });
    });
  });
}

function toJson(form: Form) {
  const files = ["photo", "photo[]"].flatMap((name) => form.files(name));
  return {
    fields: [...form.fields],
    files: files.map(({ name, mediaType, sizeBytes, problem }) => ({
      name,
      mediaType,
      size: sizeBytes,
      ...(problem === undefined ? {} : { problem: problem.message }),
    })),
  };
}

test("an urlencoded form is read: spaces, UTF-8, repeated names, empty values, brackets", async () => {
  const { http } = await forms();

  const answer = await http
    .post("/plain")
    .type(URLENCODED)
    .send("content=H%C3%A4user+und%20mehr&category[]=a&category[]=b&empty=&bare&%5B%5D=%ff&=nameless");

  expect(answer.body.fields).toEqual([
    ["content", ["Häuser und mehr"]],
    ["category[]", ["a", "b"]],
    ["empty", [""]],
    ["bare", [""]],
    ["[]", ["\ufffd"]],
    ["", ["nameless"]],
  ]);
});

test("the same form in multipart is read the same, with its files", async () => {
  const { http } = await forms();
  const body = multipart(
    { name: "content", value: "Häuser\r\nund mehr" },
    { name: "category[]", value: "a" },
    { name: "photo", fileName: "../../日本.jpg", bytes: "JPEG", type: "image/jpeg" },
    { name: "category[]", value: "b", type: "text/plain; charset=utf-8" },
    { name: "photo[]", fileName: "b", bytes: "" },
  );

  const answer = await http.post("/files").set("Content-Type", MULTIPART).send(body);

  expect(answer.body).toEqual({
    fields: [
      ["content", ["Häuser\r\nund mehr"]],
      ["category[]", ["a", "b"]],
    ],
    files: [
      { name: "日本.jpg", mediaType: "image/jpeg", size: 4 },
      { name: "b", mediaType: "text/plain", size: 0 },
    ],
  });
});

test.each([
  ["urlencoded", URLENCODED, "__proto__=x&constructor=y&toString=z"],
  [
    "multipart",
    MULTIPART,
    multipart({ name: "__proto__", value: "x" }, { name: "constructor", value: "y" }, { name: "toString", value: "z" }),
  ],
])("names of JavaScript's own are names like others in %s", async (_kind, type, body) => {
  const { http } = await forms();

  const answer = await http.post("/plain").set("Content-Type", type).send(body);

  expect(answer.body.fields).toEqual([
    ["__proto__", ["x"]],
    ["constructor", ["y"]],
    ["toString", ["z"]],
  ]);
  expect(({} as Record<string, unknown>).x).toBeUndefined();
});

test("a form is read once, however often it is asked for", async () => {
  const { http } = await forms();

  const answer = await http.post("/twice").type(URLENCODED).send("a=1");

  expect(answer.body).toMatchObject({ same: true, fields: [["a", ["1"]]] });
});

test("what was not sent is empty, and no error", async () => {
  const { http } = await testWeb((router) => {
    router.post("/", async (req, res) => {
      const form = await readForm(req);
      res.json([form.text("x"), form.texts("x"), form.has("x"), form.files("x"), form.file("x") === undefined]);
    });
  });

  const answer = await http.post("/");

  expect(answer.body).toEqual(["", [], false, [], true]);
});

test.each([
  ["application/x-www-form-urlencoded; charset=UTF-8", "a=1"],
  ['Application/X-WWW-Form-Urlencoded ;charset="utf-8"', "a=1"],
  ["application/x-www-form-urlencoded;", "a=1"],
  ['Multipart/Form-Data; charset=utf-8; boundary="b"', multipart({ name: "a", value: "1" }).toString()],
])("%s is a form", async (type, body) => {
  const { http } = await forms();

  const answer = await http.post("/plain").set("Content-Type", type).send(body);

  expect(answer.body).toMatchObject({ fields: [["a", ["1"]]] });
});

test.each(["application/json", "text/plain", "application/octet-stream", "multipart/mixed; boundary=b", "x"])(
  "%s is no form: 415, which says what is",
  async (type) => {
    const { http } = await forms();

    const answer = await http
      .post("/plain")
      .set("Content-Type", type)
      .serialize((text) => String(text))
      .send("a=1");

    expect(answer.status).toBe(415);
    expect(answer.headers.accept).toBe("application/x-www-form-urlencoded, multipart/form-data");
  },
);

test.each([
  ["gzip", URLENCODED],
  ["br", MULTIPART],
  ["identity, gzip", URLENCODED],
])("a body in %s is 415: a small one could unfold to any size", async (coding, type) => {
  const { http } = await forms();

  const answer = await http.post("/files").set({ "Content-Encoding": coding, "Content-Type": type }).send("x");

  expect([answer.status, answer.headers["accept-encoding"]]).toEqual([415, "identity"]);
});

test("a body that says it is not coded is taken", async () => {
  const { http } = await forms();

  const answer = await http.post("/plain").set("Content-Encoding", "Identity").type(URLENCODED).send("a=1");

  expect(answer.status).toBe(200);
});

test.each([
  ["announced", true],
  ["chunked", false],
])("an urlencoded body of 1 MB is taken, one byte more is 413: %s", async (_kind, isAnnounced) => {
  const { port } = await forms();

  const statuses = [];
  for (const size of [MAX_BODY_BYTES, MAX_BODY_BYTES + 1]) {
    statuses.push(
      await post(port, "/plain", { type: URLENCODED, body: Buffer.from(`a=${"x".repeat(size - 2)}`), isAnnounced }),
    );
  }

  expect(statuses).toEqual([200, 413]);
});

test.each([
  ["urlencoded", URLENCODED, (count: number) => Buffer.from(Array.from({ length: count }, () => "a=1").join("&"))],
  ["urlencoded with empty pairs", URLENCODED, (count: number) => Buffer.from("&".repeat(count - 1))],
  [
    "multipart",
    MULTIPART,
    (count: number) => multipart(...Array.from({ length: count }, () => ({ name: "a", value: "1" }))),
  ],
])("%s: %s with 1,000 fields is taken, with one more 413", async (_kind, type, make) => {
  const { port } = await forms();

  const atLimit = await post(port, "/plain", { type, body: make(MAX_FORM_FIELDS) });
  const past = await post(port, "/plain", { type, body: make(MAX_FORM_FIELDS + 1) });

  expect([atLimit, past]).toEqual([200, 413]);
});

test("the text fields of a form with files may have 1 MB together, names included", async () => {
  const { port } = await forms();
  const make = (size: number) =>
    multipart({ name: "a", value: "x".repeat(size / 2 - 1) }, { name: "b", value: "x".repeat(size / 2 - 1) });

  const atLimit = await post(port, "/files", { type: MULTIPART, body: make(MAX_BODY_BYTES) });
  const past = await post(port, "/files", { type: MULTIPART, body: make(MAX_BODY_BYTES + 2) });
  const inOne = await post(port, "/files", {
    type: MULTIPART,
    body: multipart({ name: "a", value: "x".repeat(MAX_BODY_BYTES + 1) }),
  });

  expect([atLimit, past, inOne]).toEqual([200, 413, 413]);
});

test("a file of 10 MB is taken; one that is larger comes with what is wrong, and takes nothing of the form with it", async () => {
  const { http } = await forms();
  const make = (size: number) =>
    multipart({ name: "photo", fileName: "a.jpg", bytes: Buffer.alloc(size) }, { name: "content", value: "kept" });
  const send = (size: number) => http.post("/files").set("Content-Type", MULTIPART).send(make(size));

  const atLimit = await send(10_000_000);
  const past = await send(10_000_001);

  expect(atLimit.body.files).toEqual([{ name: "a.jpg", mediaType: "text/plain", size: 10_000_000 }]);
  expect(past.body.fields).toEqual([["content", ["kept"]]]);
  expect(past.body.files[0].problem).toBe(
    "a.jpg: The file is too large: an image may have 10 MB. Make it smaller, or raise the limit in the settings.",
  );
});

test("files lie on the disk as long as the request lasts, and nothing is left of them", async () => {
  const { http, port, ctx } = await forms();
  const folder = join(ctx.config.DATA_DIR, "uploads");
  const file = { name: "photo", fileName: "a", bytes: "x" };
  const send = (path: string, body: Buffer) => http.post(path).set("Content-Type", MULTIPART).send(body);

  await send("/files", multipart(file, file));
  await send("/files", multipart(file).subarray(0, -8));
  await send("/two", multipart(file, file, file));
  await hangUp(port, "/files", { type: MULTIPART, body: multipart(file, file).subarray(0, -8).toString("latin1") });

  await expect.poll(() => readdirSync(folder), { timeout: 5_000 }).toEqual([]);
});

test("as many files as a form takes are taken, one more is 413", async () => {
  const { http } = await forms();
  const make = (count: number) =>
    multipart(...Array.from({ length: count }, () => ({ name: "photo", fileName: "a", bytes: "x" })));
  const send = (path: string, count: number) => http.post(path).set("Content-Type", MULTIPART).send(make(count));

  const answers = await Promise.all([
    send("/files", MAX_FORM_FILES),
    send("/files", MAX_FORM_FILES + 1),
    send("/two", 2),
    send("/two", 3),
    send("/two", 4),
    send("/plain", 1),
  ]);

  expect(answers.map(({ status }) => status)).toEqual([200, 413, 200, 413, 413, 413]);
  expect(answers[5]?.text).toContain("This form takes no files.");
});

test("all of an upload together may have as much as is said, 1 GB where nothing is", async () => {
  const { port } = await forms();
  const make = (size: number) => multipart({ name: "photo", fileName: "a", bytes: Buffer.alloc(size) });
  const spare = SMALL_BYTES - make(0).length;
  const [atLimit, past] = [make(spare), make(spare + 1)];

  const statuses = [
    await post(port, "/small", { type: MULTIPART, body: atLimit }),
    await post(port, "/small", { type: MULTIPART, body: past }),
    await post(port, "/small", { type: MULTIPART, body: past, isAnnounced: false }),
    await post(port, "/files", { type: MULTIPART, body: past }),
  ];

  expect(statuses).toEqual([200, 413, 413, 200]);
  expect(MAX_UPLOAD_BYTES).toBe(2 ** 30);
});

test("a file input in which nothing was chosen is no file, also where none is taken", async () => {
  const { http } = await forms();
  const empty = { name: "photo", fileName: "", bytes: "", type: "application/octet-stream" };

  const plain = await http
    .post("/plain")
    .set("Content-Type", MULTIPART)
    .send(multipart({ name: "a", value: "1" }, empty));
  const two = await http.post("/two").set("Content-Type", MULTIPART).send(multipart(empty, empty));

  expect(plain.body).toEqual({ fields: [["a", ["1"]]], files: [] });
  expect(two.body).toEqual({ fields: [], files: [] });
});

test("whoever has lost the right to send files keeps the text", async () => {
  const { http } = await forms();
  const body = multipart(
    { name: "photo", fileName: "a.jpg", bytes: Buffer.alloc(10_000_001) },
    { name: "content", value: "kept" },
  );

  const answer = await http.post("/dropped").set("Content-Type", MULTIPART).send(body);

  expect(answer.body).toEqual({ fields: [["content", ["kept"]]], files: [] });
});

test.each([
  ["no boundary", "multipart/form-data", "x"],
  ["no closing boundary", MULTIPART, '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nvalue'],
  ["a file cut short", MULTIPART, '--b\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\nJPEG'],
  ["cut in the head of a part", MULTIPART, "--b\r\nContent-Dispo"],
  ["another boundary", MULTIPART, "--c\r\n\r\n--c--"],
  ["nothing", MULTIPART, ""],
])("a multipart form with %s is 400, with and without files", async (_what, type, body) => {
  const { http } = await forms();

  const answers = await Promise.all(
    ["/files", "/plain", "/dropped"].map((path) =>
      http
        .post(path)
        .set("Content-Type", type)
        .serialize((text) => String(text))
        .send(body),
    ),
  );

  expect(answers.map(({ status }) => status)).toEqual([400, 400, 400]);
});

test.each([
  ["--b\r\n\r\nno head\r\n--b--\r\n"],
  ['--b\r\nContent-Disposition: attachment; name="a"\r\n\r\nx\r\n--b--\r\n'],
  ["--b\r\nContent-Disposition: form-data\r\n\r\nnameless\r\n--b--\r\n"],
  ['--b\r\nContent-Disposition: form-data; name="a\rb"\r\n\r\nx\r\n--b--\r\n'],
  ["--b--\r\n"],
])("parts that name no field are passed over: %j", async (body) => {
  const { http } = await forms();

  const answer = await http.post("/files").set("Content-Type", MULTIPART).serialize(String).send(body);

  expect(answer.body).toEqual({ fields: [], files: [] });
});

test.each([
  ["urlencoded", URLENCODED, "content=half"],
  ["multipart field", MULTIPART, '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nhalf'],
  ["multipart file", MULTIPART, '--b\r\nContent-Disposition: form-data; name="photo"; filename="a"\r\n\r\nhalf'],
  ["multipart head", MULTIPART, "--b\r\nContent-"],
])("a client that hangs up within %s does no harm", async (_what, type, body) => {
  const { http, port, lines } = await forms();

  for (const path of ["/files", "/plain", "/dropped"]) await hangUp(port, path, { type, body });
  await expect.poll(() => lines.filter(({ result }) => result === "aborted").length, { timeout: 5_000 }).toBe(3);

  const after = await http.post("/plain").type(URLENCODED).send("a=1");
  expect(after.status).toBe(200);
  expect(lines.map(({ event, status }) => `${event} ${status}`)).toEqual([
    "request.done 499",
    "request.done 499",
    "request.done 499",
    "request.done 200",
  ]);
});
