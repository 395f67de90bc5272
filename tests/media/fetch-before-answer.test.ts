import { expect, test } from "vitest";
import type { FetchResult } from "../../src/lib/safe-fetch.ts";
import { fetchBeforeAnswer } from "../../src/media/fetch-before-answer.ts";
import { findRemoteImage } from "../../src/media/remote-images-store.ts";
import { testContext } from "../support/context.ts";
import { picture } from "../support/images.ts";

const [SLOW, QUICK] = ["https://a.example/slow.png", "https://a.example/quick.png"];

test("whatever a file waits for, nobody waits longer than the time for all; one that comes later is known then", async () => {
  const body = await picture(4, 4).png().toBuffer();
  const answer = (url: string): FetchResult => ({ ok: true, status: 200, headers: new Map(), body, url });
  let arrive = (_answer: FetchResult) => {};
  const slow = new Promise<FetchResult>((resolve) => {
    arrive = resolve;
  });
  const { ctx } = await testContext({ fetch: (url) => (url === SLOW ? slow : Promise.resolve(answer(url))) });

  await fetchBeforeAnswer(ctx, [QUICK], 10_000);
  await fetchBeforeAnswer(ctx, [SLOW, QUICK], 20);
  const waiting = findRemoteImage(ctx.db, SLOW);
  arrive(answer(SLOW));

  expect(findRemoteImage(ctx.db, QUICK)).toMatchObject({ mediaName: expect.stringMatching(/\.png$/u), isShown: false });
  expect(waiting).toMatchObject({ mediaName: undefined, isShown: true });
  await expect
    .poll(() => findRemoteImage(ctx.db, SLOW), { timeout: 10_000 })
    .toMatchObject({ mediaName: expect.stringMatching(/\.png$/u), isShown: false });
});

test("a fault of our own on the way is one of the request", async () => {
  const { ctx } = await testContext({ fetch: () => Promise.reject(new Error("No way out")) });

  await expect(fetchBeforeAnswer(ctx, [QUICK])).rejects.toThrow("No way out");
});

test("an address without a scheme is not shown from there", async () => {
  const late = { ok: false, outcome: { result: "retry", reason: "Busy." } } as const;
  const { ctx } = await testContext({ fetch: () => Promise.resolve(late) });

  await fetchBeforeAnswer(ctx, ["//a.example/x.png"]);

  expect(findRemoteImage(ctx.db, "//a.example/x.png")).toBe(undefined);
});
