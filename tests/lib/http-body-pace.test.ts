import type { IncomingMessage, RequestListener } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { exposeCollector } from "../../src/lib/buffer-garbage.ts";
import {
  BODY_BYTES_PER_SECOND,
  FREE_BODY_MS,
  STRANGER_BODY_MS,
  trustBody,
  whenTooSlow,
} from "../../src/lib/http-body-pace.ts";
import type { Conversation } from "../support/speak.ts";
import { startOwnServer } from "../support/speak.ts";
import { until } from "../support/until.ts";

const SHORT = { strangerMs: 200, freeMs: 600, checkMs: 20 };
const POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n";

/** A server that reads every body, and trusts those of which `isTrusted` says so. */
function serve(isTrusted: (req: IncomingMessage) => boolean = () => false, handler: RequestListener = () => {}) {
  return startOwnServer(
    (req, res) => {
      if (isTrusted(req)) trustBody(req);
      req.resume().on("end", () => res.end("read"));
      handler(req, res);
    },
    { limits: SHORT },
  );
}

/** Says a byte every 20 ms for as long as the test runs. */
function drip({ say }: Conversation): void {
  const timer = setInterval(() => say("x"), 20);
  onTestFinished(() => clearInterval(timer));
}

test("limits are what the manual says", () => {
  expect([STRANGER_BODY_MS, FREE_BODY_MS, BODY_BYTES_PER_SECOND]).toEqual([30_000, 10_000, 8192]);
});

test("the body of a stranger that drips is answered 408 when its time is over, and the connection ends", async () => {
  const { speak } = await serve();
  const dripping = await speak();
  const startedAt = performance.now();
  dripping.say(POST);
  drip(dripping);

  await until(() => expect(dripping.heard.isClosed).toBe(true));

  expect(performance.now() - startedAt).toBeGreaterThan(SHORT.strangerMs);
  expect(dripping.heard.text).toMatch(/^HTTP\/1.1 408 .*Connection: close/s);
});

test("a body that has arrived in time is left alone, also while its answer takes longer", async () => {
  const { speak } = await startOwnServer(
    (req, res) => {
      if (req.url === "/other") return void res.end("other");
      req.resume();
      waiting.push(() => res.end("late"));
    },
    { limits: SHORT },
  );
  const waiting: (() => void)[] = [];
  const patient = await speak();
  patient.say("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab");
  const slow = await speak();
  slow.say("POST /other HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\na");
  await until(() => expect(slow.heard.isClosed).toBe(true));

  waiting[0]?.();

  await until(() => expect(patient.heard.text).toMatch(/^HTTP\/1.1 200 .*late/s));
});

test("a body that is trusted may take longer than that of a stranger, if it keeps its pace", async () => {
  const { speak } = await serve((req) => req.headers.authorization !== undefined);
  const trusted = await speak();
  trusted.say(POST.replace("\r\n\r\n", "\r\nAuthorization: yes\r\n\r\n"));
  trusted.say("x".repeat(400_000));
  const stranger = await speak();
  stranger.say(POST);
  stranger.say("x".repeat(400_000));

  await until(() => expect(stranger.heard.isClosed).toBe(true));
  const wasOpen = !trusted.heard.isClosed;
  trusted.say("x".repeat(600_000));

  await until(() => expect(trusted.heard.text).toContain("read"));
  expect(wasOpen).toBe(true);
});

test("a trusted body that drips has its free time, then it is answered 408 as well", async () => {
  const { speak } = await serve(() => true);
  const dripping = await speak();
  const startedAt = performance.now();
  dripping.say(POST);
  drip(dripping);

  await until(() => expect(dripping.heard.text).toMatch(/^HTTP\/1.1 408 /));

  expect(performance.now() - startedAt).toBeGreaterThan(SHORT.freeMs);
});

test("whoever reads the body hears of it, and answers", async () => {
  const { speak } = await serve(undefined, (req, res) =>
    whenTooSlow(req, () => res.writeHead(418).end("my own words")),
  );
  const dripping = await speak();
  dripping.say(POST);

  await until(() => expect(dripping.heard.text).toContain("my own words"));

  expect(dripping.heard.text).not.toContain("408");
});

test("a body that goes on dripping after its answer is cut off", async () => {
  const { speak } = await serve(undefined, (_req, res) => res.writeHead(404).end("no such page"));
  const dripping = await speak();
  dripping.say(POST);
  drip(dripping);

  await until(() => expect(dripping.heard.isClosed).toBe(true));

  expect(dripping.heard.text).toContain("no such page");
});

test("requests whose body has come are let go of when they are answered, not at the next look at bodies", async () => {
  const collect = exposeCollector();
  const seen: WeakRef<IncomingMessage>[] = [];
  const { speak } = await startOwnServer(
    (req, res) => {
      seen.push(new WeakRef(req));
      req.resume().on("end", () => res.end("read"));
    },
    { limits: { ...SHORT, checkMs: 3_600_000 } },
  );
  const { heard, say } = await speak();

  for (let count = 1; count <= 20; count += 1) {
    say("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx");
    await until(() => expect(heard.text.match(/HTTP\/1.1 200/g)).toHaveLength(count));
  }

  // The connection itself may hold on to its last one.
  await until(() => {
    collect();
    expect(seen.filter((each) => each.deref() !== undefined).length).toBeLessThan(5);
  });
});
