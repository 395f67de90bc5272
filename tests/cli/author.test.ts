import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { logIn } from "../../src/auth/log-in.ts";
import { verifyToken } from "../../src/auth/tokens.ts";
import { run } from "../../src/cli/run.ts";
import { readSettings } from "../../src/site/settings-store.ts";
import { testApp } from "../support/app.ts";
import { createAuthor, createLogin, PASSWORD, USER_AGENT } from "../support/author.ts";
import { testFolder } from "../support/context.ts";

const BROWSER = { userAgent: USER_AGENT, address: "192.0.2.7" };
const SETUP = ["setup", "--name", "Ada", "--time-zone", "Europe/Berlin", "--password-stdin"];

test("setup makes the author while the server runs, which shows it at once", async () => {
  const { ctx, http, dir } = await testApp();

  const { code, stdout, stderr } = await type(dir, [...SETUP, "--title", "Ada writes"], `${PASSWORD}\n`);

  expect([code, stdout]).toEqual([0, ""]);
  expect(stderr).toMatch(/Log in at http:\/\/localhost:3000\/login/);
  expect(readSettings(ctx.db)).toMatchObject({ authorName: "Ada", siteTitle: "Ada writes", timeZone: "Europe/Berlin" });
  expect((await http.get("/")).text).toContain("Ada writes");
  await expect(logIn(ctx, { ...BROWSER, password: PASSWORD })).resolves.toBeDefined();
});

test("setup makes a folder without a database ready, titles the site like the author, and works once", async () => {
  const dir = testFolder();

  expect(await type(dir, SETUP, PASSWORD)).toMatchObject({ code: 0 });

  expect(await type(dir, SETUP, PASSWORD)).toMatchObject({ code: 1, stderr: expect.stringMatching(/set up already/) });
});

test.each([
  ["without --password-stdin", SETUP.slice(0, -1), PASSWORD, 2, /--password-stdin is missing/],
  ["without a name", ["setup", "--password-stdin"], PASSWORD, 2, /--name NAME is missing/],
  ["with a password of 11 characters", SETUP, "a short one\n", 1, /at least 12 characters/],
  ["with a common password", SETUP, "password1234\n", 1, /Attackers try/],
  ["with no password", SETUP, "", 1, /at least 12 characters/],
  [
    "with a time zone that is none",
    [...SETUP.slice(0, 3), "--time-zone=Mars", "--password-stdin"],
    PASSWORD,
    1,
    /no time zone/,
  ],
])("setup %s makes nothing and says why", async (_what, words, stdin, code, sentence) => {
  const { dir, ctx } = await testApp();

  const result = await type(dir, words, stdin);

  expect(result).toMatchObject({ code, stdout: "", stderr: expect.stringMatching(sentence) });
  expect(ctx.db.all("SELECT * FROM author")).toEqual([]);
});

test("password sets a new one and ends every login", async () => {
  const { dir, ctx } = await testApp();
  await createAuthor(ctx);
  await createLogin(ctx);

  const result = await type(dir, ["password", "--stdin"], "  spaces count too \r\nnot this line\n");

  expect(result).toMatchObject({ code: 0, stdout: "" });
  expect(ctx.db.all("SELECT * FROM sessions")).toEqual([]);
  await expect(logIn(ctx, { ...BROWSER, password: "  spaces count too " })).resolves.toBeDefined();
});

test("password needs --stdin, an author, and a password that does", async () => {
  const { dir, ctx } = await testApp();

  expect(await type(dir, ["password"], PASSWORD)).toMatchObject({ code: 2 });
  expect(await type(dir, ["password", "--stdin"], PASSWORD)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/not set up yet/),
  });
  await createAuthor(ctx);
  expect(await type(dir, ["password", "--stdin"], "short")).toMatchObject({ code: 1 });
});

test("token create prints the token and nothing else on stdout", async () => {
  const { dir, ctx } = await testApp();

  const { code, stdout } = await type(dir, [
    "token",
    "create",
    "--scope",
    "create update",
    "--client",
    "https://app.example",
  ]);

  expect(code).toBe(0);
  expect(stdout).toMatch(/^[\w-]{43}\n$/);
  const grant = await verifyToken(ctx, stdout.trim());
  expect([grant?.clientId, [...(grant?.scopes ?? [])]]).toEqual(["https://app.example/", ["create", "update"]]);
});

test("token list shows tokens without their secrets, tab-separated, and token revoke ends one", async () => {
  const { dir, ctx } = await testApp();
  const create = ["token", "create", "--scope=create media", "--client=https://app.example/"];
  const token = (await type(dir, create)).stdout.trim();

  const listed = await type(dir, ["token", "list"]);
  expect(listed.stdout).toMatch(
    /^1\thttps:\/\/app\.example\/\tcreate media\t\d{4}-\d\d-\d\dT[\d:.]+Z\tnever\tworks\n$/,
  );
  expect(listed.stdout).not.toContain(token);
  expect((await type(dir, ["token", "list"], "", true)).stdout).toMatch(/^ID +CLIENT .*\n1 +https:/);

  expect(await type(dir, ["token", "revoke", "1"])).toMatchObject({ code: 0, stdout: "" });
  expect(await verifyToken(ctx, token)).toBeUndefined();
  expect((await type(dir, ["token", "list"])).stdout).toContain("\trevoked\n");
  expect(await type(dir, ["token", "revoke", "1"])).toMatchObject({ code: 1 });
});

test.each([
  [
    ["token", "create", "--scope", "create read", "--client", "https://app.example"],
    /There are create, update, delete/,
  ],
  [["token", "create", "--scope", "create", "--client", "my script"], /by its address/],
  [["token", "create", "--scope", "create"], /--client URL is missing/],
  [["token", "revoke", "one"], /no number of a token/],
  [["token", "revoke"], /ID is missing/],
  [["token", "remove"], /token create, token list, token revoke|Did you mean/],
])("%j is wrong use", async (words, sentence) => {
  const { dir, ctx } = await testApp();

  const result = await type(dir, words);

  expect(result).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(sentence) });
  expect(ctx.db.all("SELECT * FROM tokens")).toEqual([]);
});

async function type(dir: string, words: readonly string[], stdin = "", isTTY = false) {
  const said = { stdout: "", stderr: "" };
  const code = await run(words, {
    env: { DATA_DIR: dir, LOG_LEVEL: "silent" },
    stdin: Readable.from(stdin === "" ? [] : [Buffer.from(stdin)]),
    stdout: { isTTY, write: (text: string) => (said.stdout += text) },
    stderr: { write: (text: string) => (said.stderr += text) },
  });
  return { code, ...said };
}
