import { afterAll, beforeAll, expect, test } from "vitest";
import { Desk } from "../../support/desk.ts";
import { runTextLossScript } from "../../support/text-loss-scripts.ts";

/** Scripts of one run; TEXT_LOSS_SEED chooses others. */
const SCRIPTS = 100;
const FIRST = Number(process.env.TEXT_LOSS_SEED ?? Math.floor(Math.random() * 1_000_000));

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});
afterAll(() => desk.close());

test.each(Array.from({ length: SCRIPTS }, (_, index) => FIRST + index))(
  "random script %i (TEXT_LOSS_SEED) of typing, cuts, kills, ended logins, reloads and crashes loses no character",
  async (seed) => {
    await runTextLossScript(desk, seed);

    expect(desk.text).toContain(`Script ${seed}.`);
  },
);
