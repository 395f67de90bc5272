import { expect, test } from "vitest";
import { CHALLENGE_SECONDS, MAX_CHALLENGES } from "../../src/auth/challenges.ts";
import { logInByPasskey } from "../../src/auth/log-in.ts";
import { MAX_CREDENTIAL_LENGTH, MAX_PASSKEY_NAME_LENGTH, MAX_PASSKEYS } from "../../src/auth/passkey.ts";
import { listPasskeys } from "../../src/auth/passkey-store.ts";
import { removePasskey } from "../../src/auth/passkeys.ts";
import { beginRegistration, registerPasskey } from "../../src/auth/register-passkey.ts";
import { findSession, listOpenSessions } from "../../src/auth/sessions.ts";
import { beginPasskeyUse } from "../../src/auth/use-passkey.ts";
import type { Context } from "../../src/context/context.ts";
import { addSeconds } from "../../src/lib/clock.ts";
import { createAuthor, createLogin, USER_AGENT } from "../support/author.ts";
import { NOW, testContext } from "../support/context.ts";
import type { DeviceFaults } from "../support/soft-device.ts";
import { createSoftDevice } from "../support/soft-device.ts";

const ORIGIN = "https://blog.example";
const SESSION = 7;
const BROWSER = { userAgent: USER_AGENT, address: "192.0.2.7" };
const LOGIN = { purpose: "login", holder: "browser one" } as const;

type Device = ReturnType<typeof createSoftDevice>;

async function setUp() {
  const opened = await testContext();
  await createAuthor(opened.ctx);
  return { ...opened, device: createSoftDevice(ORIGIN) };
}

async function addPasskey(ctx: Context, device: Device, name = "Phone"): Promise<void> {
  const asked = await beginRegistration(ctx, SESSION);
  await registerPasskey(ctx, { answer: device.create(asked), name, sessionId: SESSION });
}

function tryAnswer(ctx: Context, answer: string, holder: string = LOGIN.holder) {
  return logInByPasskey(ctx, { ...BROWSER, answer, holder }).catch((error: unknown) => error as Error);
}

test("a passkey that was added lets in, and says when it was used", async () => {
  const { ctx, clock, device } = await setUp();

  await addPasskey(ctx, device, "  My\nphone ");
  clock.advance(60);
  const opened = await logInByPasskey(ctx, {
    ...BROWSER,
    answer: device.get(await beginPasskeyUse(ctx, LOGIN)),
    holder: LOGIN.holder,
  });

  expect(opened.session).toMatchObject({ network: "192.0.2.0/24", createdAt: ctx.clock() });
  expect(listPasskeys(ctx.db)).toMatchObject([
    { name: "My phone", createdAt: NOW, lastUsedAt: ctx.clock(), signCount: 2, transports: ["internal"] },
  ]);
});

test("a device is asked for a discoverable key and for its user, and is told which passkeys there are", async () => {
  const { ctx, device } = await setUp();
  await addPasskey(ctx, device);

  const creation = await beginRegistration(ctx, SESSION);
  const request = await beginPasskeyUse(ctx, LOGIN);

  expect(creation).toMatchObject({
    rp: { id: "blog.example", name: "Ada writes" },
    user: { name: "Ada" },
    attestation: "none",
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
    excludeCredentials: [{ id: device.id }],
  });
  expect(request).toMatchObject({ rpId: "blog.example", userVerification: "required", allowCredentials: [] });
});

const FAULTS: Readonly<Record<string, [DeviceFaults, RegExp]>> = {
  "of another origin": [{ origin: "https://evil.example" }, /made for another address/u],
  "of the site's host under another port": [{ origin: "https://blog.example:8443" }, /made for another address/u],
  "from a frame in another site": [{ isCrossOrigin: true }, /made for another address/u],
  "for another host": [{ rpId: "evil.example" }, /could not be checked/u],
  "without its user's face, finger or PIN": [{ isUserVerified: false }, /could not be checked/u],
  "of a registration": [{ type: "webauthn.create" }, /could not be checked/u],
  "with a challenge of its own": [{ challenge: "x".repeat(43) }, /took too long/u],
  "of somebody else's key": [{ userHandle: "mallory" }, /does not belong to this site/u],
};

test.each(Object.entries(FAULTS))("an answer %s opens nothing, and says why", async (_name, [faults, words]) => {
  const { ctx, device } = await setUp();
  await addPasskey(ctx, device);

  const refusal = await tryAnswer(ctx, device.get(await beginPasskeyUse(ctx, LOGIN), faults));

  expect(refusal).toMatchObject({ message: expect.stringMatching(words) });
  expect(ctx.db.all("SELECT * FROM sessions")).toEqual([]);
});

test("an answer counts once, for the browser that was asked, for its purpose, and for five minutes", async () => {
  const { ctx, clock, device } = await setUp();
  await addPasskey(ctx, device);
  const ask = () => beginPasskeyUse(ctx, LOGIN);
  const used = device.get(await ask());
  await tryAnswer(ctx, used);
  const wrong = device.get(await ask(), { rpId: "evil.example" });
  const late = device.get(await ask());
  const foreign = device.get(await ask());
  const confirming = device.get(await beginPasskeyUse(ctx, { ...LOGIN, purpose: "confirm" }));

  const refusals = [
    await tryAnswer(ctx, used),
    await tryAnswer(ctx, wrong).then(() => tryAnswer(ctx, wrong)),
    await tryAnswer(ctx, foreign, "browser two"),
    await tryAnswer(ctx, confirming),
  ];
  clock.advance(CHALLENGE_SECONDS);
  refusals.push(await tryAnswer(ctx, late));

  expect(refusals.map((each) => ("message" in each ? each.message : "let in"))).toEqual(
    refusals.map(() => expect.stringContaining("took too long")),
  );
  expect(ctx.db.all("SELECT id FROM sessions")).toHaveLength(1);
});

test("an answer that comes just in time lets in, also when the clock was set meanwhile", async () => {
  const { ctx, clock, device } = await setUp();
  await addPasskey(ctx, device);
  const answer = device.get(await beginPasskeyUse(ctx, LOGIN));

  clock.advance(CHALLENGE_SECONDS - 1);
  clock.set("2036-01-01T00:00:00.000Z" as typeof NOW);

  expect(await tryAnswer(ctx, answer)).toHaveProperty("secret");
});

test("a key that nobody added, or that was removed, opens nothing", async () => {
  const { ctx, device } = await setUp();
  await addPasskey(ctx, device);
  const answer = device.get(await beginPasskeyUse(ctx, LOGIN));
  const stranger = createSoftDevice(ORIGIN).get(await beginPasskeyUse(ctx, LOGIN));
  await ctx.db.write(() => ctx.db.run("DELETE FROM passkeys"));

  const refusals = [await tryAnswer(ctx, stranger), await tryAnswer(ctx, answer)];

  expect(refusals).toMatchObject(
    refusals.map(() => ({ code: "unauthorized", message: expect.stringContaining("does not belong to this site") })),
  );
});

test("a passkey that is removed ends the logins that it opened, but the one that removes it", async () => {
  const { ctx, device } = await setUp();
  await addPasskey(ctx, device);
  const enter = async () =>
    logInByPasskey(ctx, { ...BROWSER, answer: device.get(await beginPasskeyUse(ctx, LOGIN)), holder: LOGIN.holder });
  const own = await enter();
  const lost = await enter();
  const byPassword = await createLogin(ctx);
  const [passkey] = listPasskeys(ctx.db);

  await removePasskey(ctx, { id: passkey?.id ?? 0, keepSessionId: own.session.id });

  expect(findSession(ctx, lost.secret)).toBeUndefined();
  expect(listOpenSessions(ctx).map(({ id }) => id)).toEqual([byPassword.id, own.session.id]);
});

test("a counter that is behind is a copy: it opens nothing, and the last good count stays", async () => {
  const { ctx, device } = await setUp();
  await addPasskey(ctx, device);
  device.signCount = 40;
  await tryAnswer(ctx, device.get(await beginPasskeyUse(ctx, LOGIN)));
  device.signCount = 40;

  const refusal = await tryAnswer(ctx, device.get(await beginPasskeyUse(ctx, LOGIN)));

  expect(refusal).toMatchObject({ code: "unauthorized", message: expect.stringContaining("counter is behind") });
  expect(listPasskeys(ctx.db)).toMatchObject([{ signCount: 41 }]);
  expect(ctx.db.all("SELECT id FROM sessions")).toHaveLength(1);
});

test("a device that does not count lets in again and again", async () => {
  const { ctx, device } = await setUp();
  device.signCount = -1;
  await addPasskey(ctx, device);

  for (const _ of [1, 2]) {
    device.signCount = -1;
    expect(await tryAnswer(ctx, device.get(await beginPasskeyUse(ctx, LOGIN)))).toHaveProperty("secret");
  }
});

test.each(Object.entries(FAULTS).slice(0, 7))("a new key %s is not added", async (_name, [faults]) => {
  const { ctx, device } = await setUp();
  const asked = await beginRegistration(ctx, SESSION);
  const wrong = "type" in faults ? { type: "webauthn.get" } : faults;
  const made = { answer: device.create(asked, wrong), name: "Phone", sessionId: SESSION };

  await expect(registerPasskey(ctx, made)).rejects.toMatchObject({ code: "invalid", field: "passkey" });
  expect(listPasskeys(ctx.db)).toEqual([]);
});

test("a new key counts once, for the login that asked, and not twice for one device", async () => {
  const { ctx, device } = await setUp();
  const made = device.create(await beginRegistration(ctx, SESSION));
  const register = (answer: string, sessionId = SESSION) =>
    registerPasskey(ctx, { answer, name: "Phone", sessionId }).catch((error: unknown) => (error as Error).message);

  const foreign = await register(device.create(await beginRegistration(ctx, 8)));
  const first = await register(made);
  const replayed = await register(made);
  const again = await register(device.create(await beginRegistration(ctx, SESSION)));

  expect([foreign, first, replayed, again]).toEqual([
    expect.stringContaining("took too long"),
    undefined,
    expect.stringContaining("took too long"),
    "This passkey is in the list already.",
  ]);
  expect(listPasskeys(ctx.db)).toHaveLength(1);
});

test("a certificate that nobody asked for is refused before anything looks at it", async () => {
  const { ctx, device } = await setUp();
  device.format = "fido-u2f";
  const answer = device.create(await beginRegistration(ctx, SESSION));

  await expect(registerPasskey(ctx, { answer, name: "Key", sessionId: SESSION })).rejects.toMatchObject({
    code: "invalid",
    cause: expect.objectContaining({ message: expect.stringContaining("not asked for") }),
  });
});

test("names have a limit, passkeys a number, answers a length, and challenges that wait a number", async () => {
  const { ctx, device } = await setUp();
  const add = async (name: string) => addPasskey(ctx, createSoftDevice(ORIGIN), name);

  await expect(add("x".repeat(MAX_PASSKEY_NAME_LENGTH + 1))).rejects.toMatchObject({ field: "name" });
  await expect(add(" \n ")).rejects.toMatchObject({ field: "name" });
  await add("x".repeat(MAX_PASSKEY_NAME_LENGTH));
  await ctx.db.write(() => {
    for (let index = 1; index < MAX_PASSKEYS - 1; index += 1) {
      ctx.db.run(
        `INSERT INTO passkeys (credential_id, public_key, sign_count, transports, is_synced, name, created_at)
         VALUES (:id, x'00', 0, '[]', 0, 'Key', :now)`,
        { id: `key${index}`, now: NOW },
      );
    }
  });
  await addPasskey(ctx, device);
  await expect(beginRegistration(ctx, SESSION)).rejects.toMatchObject({ code: "conflict" });
  const padded = (length: number) => device.get({ challenge: "x" }).padEnd(length, " ");
  expect(await tryAnswer(ctx, padded(MAX_CREDENTIAL_LENGTH))).toMatchObject({ code: "forbidden" });
  expect(await tryAnswer(ctx, padded(MAX_CREDENTIAL_LENGTH + 1))).toMatchObject({ code: "invalid" });
  await ctx.db.write(() => {
    for (let index = 0; index < MAX_CHALLENGES; index += 1) {
      ctx.db.run(
        `INSERT INTO passkey_challenges (challenge_hash, purpose, holder_hash, expires_at)
         VALUES (:hash, 'login', '', :end)`,
        { hash: `hash${index}`, end: addSeconds(NOW, CHALLENGE_SECONDS) },
      );
    }
  });
  await beginPasskeyUse(ctx, LOGIN);
  expect(ctx.db.all("SELECT id FROM passkey_challenges")).toHaveLength(MAX_CHALLENGES);
});

test.each([
  "",
  "null",
  "[]",
  "{}",
  '{"id":"x"}',
  '{"id":"a b","response":{}}',
  '{"id":"x","response":{"clientDataJSON":"eA"}}',
])("what is no answer of a device opens nothing: %j", async (answer) => {
  const { ctx } = await setUp();

  expect(await tryAnswer(ctx, answer)).toMatchObject({ code: "invalid" });
});

test.each([
  ["http://blog.example", /no passkeys over plain http/u],
  ["http://192.168.1.20:3000", /address of numbers/u],
  ["https://192.0.2.1", /address of numbers/u],
  ["https://[2001:db8::1]", /address of numbers/u],
])("at %s there can be none, and it says why", async (SITE_URL, words) => {
  const { ctx } = await testContext({ config: { SITE_URL } });
  await createAuthor(ctx);

  const refusal = { code: "conflict", message: expect.stringMatching(words) };
  await expect(beginRegistration(ctx, SESSION)).rejects.toMatchObject(refusal);
  await expect(beginPasskeyUse(ctx, LOGIN)).rejects.toMatchObject(refusal);
});

test.each([
  "http://localhost:3000",
  "http://blog.localhost",
  "https://blog.example:8443",
  "https://xn--bcher-kva.example",
])("at %s there can be some", async (SITE_URL) => {
  const { ctx } = await testContext({ config: { SITE_URL } });

  expect(await beginPasskeyUse(ctx, LOGIN)).toHaveProperty("rpId", new URL(SITE_URL).hostname);
});
