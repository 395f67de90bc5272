import { createHook } from "node:async_hooks";
import { expect, onTestFinished, test } from "vitest";
import type { Resolve } from "../../src/lib/public-address.ts";
import { createSafeFetch } from "../../src/lib/safe-fetch.ts";
import { startHttp } from "../support/loopback.ts";
import { FORBIDDEN_HOSTS } from "./forbidden-addresses.ts";

const PRIVATE = { ok: false, outcome: { result: "give_up", reason: "The address is not on the public internet." } };
const settings = { allowPrivateNetwork: false, userAgent: "StarPunk/test" };

/** For these tests 127.0.0.1 plays the public internet, and the rest of 127.0.0.0/8 the private one. */
const isAllowed = (address: string) => address === "127.0.0.1";

/** Counts the TCP connections that the process begins: each needs one such request object of the event loop. */
function countConnects(): () => number {
  let connects = 0;
  const hook = createHook({
    init(_, type) {
      if (type === "TCPCONNECTWRAP") connects += 1;
    },
  }).enable();
  onTestFinished(() => void hook.disable());
  return () => connects;
}

function resolveTo(...answers: string[][]): Resolve & { asked: string[] } {
  const asked: string[] = [];
  const resolve = (hostname: string) => {
    const addresses = answers[Math.min(asked.length, answers.length - 1)] ?? [];
    asked.push(hostname);
    return Promise.resolve(addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })));
  };
  return Object.assign(resolve, { asked });
}

test("the table of forbidden hosts is long enough to mean something", () => {
  expect(new Set(FORBIDDEN_HOSTS).size).toBeGreaterThanOrEqual(190);
});

test("a connection that is made is counted", async () => {
  await using server = await startHttp((_, res) => res.end("hello"));
  const connects = countConnects();

  await createSafeFetch({ ...settings, allowPrivateNetwork: true })(server.origin);

  expect(connects()).toBe(1);
});

test.each(FORBIDDEN_HOSTS)("nothing is connected to at http://%s/", async (host) => {
  const connects = countConnects();
  const resolve = resolveTo(["127.0.0.1"]);
  const fetch = createSafeFetch(settings, { resolve });

  const results = [await fetch(`http://${host}/`), await fetch(`https://${host}:8443/x`, { method: "POST" })];

  expect(results).toEqual([PRIVATE, PRIVATE]);
  expect(connects()).toBe(0);
});

test.each(FORBIDDEN_HOSTS.filter((host) => host.startsWith("[") || /^[\d.]+$/u.test(host)))(
  "a name that resolves to %s is not connected to, also where another address of it is public",
  async (host) => {
    await using server = await startHttp((_, res) => res.end("secret"));
    const address = new URL(`http://${host}/`).hostname.replace(/^\[|\]$/gu, "");
    const fetch = createSafeFetch(settings, { resolve: resolveTo([address], ["93.184.215.14", address]) });

    const alone = await fetch(`http://blog.example:${server.port}/`);
    const second = await fetch(`http://blog.example:${server.port}/`);

    expect([alone, second]).toEqual([PRIVATE, PRIVATE]);
    expect(server.connections()).toBe(0);
  },
);

test("the names of this machine are refused as the system resolves them", async () => {
  await using server = await startHttp((_, res) => res.end("secret"));
  const fetch = createSafeFetch(settings);

  const result = await fetch(`http://localhost:${server.port}/`);

  expect(result).toEqual(PRIVATE);
  expect(server.connections()).toBe(0);
});

test("a name is looked up once a hop, and the address that was checked is the one connected to", async () => {
  await using server = await startHttp((_, res) => res.end("public"));
  await using inside = await startHttp((_, res) => res.end("secret"), "127.0.0.2");
  const resolve = resolveTo(["127.0.0.1"], ["127.0.0.2"]);
  const fetch = createSafeFetch(settings, { resolve, isAllowed });

  const first = await fetch(`http://rebind.example:${server.port}/`);
  const second = await fetch(`http://rebind.example:${inside.port}/`);

  expect(first).toMatchObject({ ok: true, status: 200 });
  expect(second).toEqual(PRIVATE);
  expect(resolve.asked).toEqual(["rebind.example", "rebind.example"]);
  expect(inside.connections()).toBe(0);
});

test.each([301, 302, 303, 307, 308])(
  "a %d to a private address is not followed, by address or by name",
  async (status) => {
    await using inside = await startHttp((_, res) => res.end("secret"), "127.0.0.2");
    const targets = [`http://127.0.0.2:${inside.port}/`, `http://inside.example:${inside.port}/`];
    await using server = await startHttp((req, res) => {
      res.writeHead(status, { location: targets[Number(req.url?.slice(1))] }).end();
    });
    const resolve: Resolve = () => Promise.resolve([{ address: "127.0.0.2", family: 4 }]);
    const fetch = createSafeFetch(settings, { resolve, isAllowed });

    const results = [await fetch(`${server.origin}/0`), await fetch(`${server.origin}/1`)];

    expect(results).toEqual([PRIVATE, PRIVATE]);
    expect(server.connections()).toBe(2);
    expect(inside.connections()).toBe(0);
  },
);

test("ALLOW_PRIVATE_NETWORK is the way round", async () => {
  await using server = await startHttp((_, res) => res.end("hello"));
  const fetch = createSafeFetch({ ...settings, allowPrivateNetwork: true });

  const byAddress = await fetch(`${server.origin}/`);
  const byName = await fetch(`http://localhost:${server.port}/`);

  expect(byAddress).toMatchObject({ ok: true, status: 200, body: Buffer.from("hello") });
  expect(byName).toMatchObject({ ok: true, status: 200 });
});

test.each([
  ["no url", "The address is not a valid URL."],
  ["", "The address is not a valid URL."],
  ["//blog.example/", "The address is not a valid URL."],
  ["http://[fe80::1%25eth0]/", "The address is not a valid URL."],
  ["http://127.0.0.256/", "The address is not a valid URL."],
  ["file:///etc/passwd", "Only http and https addresses are fetched."],
  ["ftp://blog.example/", "Only http and https addresses are fetched."],
  ["gopher://127.0.0.1:6379/_FLUSHALL", "Only http and https addresses are fetched."],
  ["data:text/html,hello", "Only http and https addresses are fetched."],
  ["javascript:alert(1)", "Only http and https addresses are fetched."],
  ["unix:///var/run/docker.sock", "Only http and https addresses are fetched."],
  ["http://user:secret@blog.example/", "The address contains a user name or password."],
  ["http://user@127.0.0.1/", "The address contains a user name or password."],
  ["http://:secret@blog.example/", "The address contains a user name or password."],
])("%s is refused before any look-up", async (url, reason) => {
  const resolve = resolveTo(["127.0.0.1"]);
  const fetch = createSafeFetch(settings, { resolve });

  const result = await fetch(url);

  expect(result).toEqual({ ok: false, outcome: { result: "give_up", reason } });
  expect(resolve.asked).toEqual([]);
});

test.each(["file:///etc/passwd", "http://user:secret@blog.example/", "http://[/"])(
  "a redirect to %s is refused",
  async (location) => {
    await using server = await startHttp((_, res) => res.writeHead(302, { location }).end());
    const fetch = createSafeFetch({ ...settings, allowPrivateNetwork: true });

    const result = await fetch(server.origin);

    expect(result).toMatchObject({ ok: false, outcome: { result: "give_up" } });
  },
);
