import { EventEmitter } from "node:events";
import type { Request } from "express";
import { expect, test } from "vitest";
import { createToken } from "../../src/auth/tokens.ts";
import { createMicropubDoor, MICROPUB_RATE } from "../../src/web/micropub-door.ts";
import { testContext } from "../support/context.ts";

function requestWith(token: string): Request {
  const socket = { remoteAddress: "192.0.2.7" };
  return Object.assign(new EventEmitter(), {
    socket,
    headers: { authorization: `Bearer ${token}` },
  }) as unknown as Request;
}

test("a token may do 250 things a second, and past its limit is told when to come again; another one is not", async () => {
  const { ctx, clock } = await testContext();
  const door = createMicropubDoor(ctx);
  const make = async () => (await createToken(ctx, { scope: "create", clientId: "https://app.example/" })).token;
  const [busy, other] = [requestWith(await make()), requestWith(await make())];

  for (let count = 0; count < MICROPUB_RATE.atOnce; count += 1) await door.require(busy);

  await expect(door.require(busy)).rejects.toMatchObject({ code: "throttled", retryAfterSeconds: 1 });
  await expect(door.require(other)).resolves.toMatchObject({ clientId: "https://app.example/" });
  clock.advance(1);
  for (let count = 0; count < 250; count += 1) await door.require(busy);
  await expect(door.require(busy)).rejects.toMatchObject({ code: "throttled" });
});
