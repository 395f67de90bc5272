import { expect } from "vitest";
import type { Desk } from "./desk.ts";

/** Steps of one script between beginning and publishing. */
const STEPS = 6;

/** What a script knows of the world besides its text. */
type World = {
  readonly desk: Desk;
  readonly random: () => number;
  isCut: boolean;
  isServerDead: boolean;
  isLoggedOut: boolean;
};

type Step = { readonly name: string; readonly weight: number; readonly run: (world: World) => Promise<void> };

/** What can happen to somebody who writes. After each that takes the page away, the text must be there again, whole. */
const POSSIBLE: readonly Step[] = [
  { name: "type", weight: 5, run: typeWords },
  { name: "cut or mend the network", weight: 2, run: (world) => setNetwork(world, !world.isCut) },
  { name: "kill or start the server", weight: 2, run: (world) => setServer(world, !world.isServerDead) },
  { name: "end the login", weight: 1, run: endLogin },
  { name: "log in elsewhere", weight: 1, run: logInElsewhere },
  { name: "wait until it is saved", weight: 1, run: waitUntilSaved },
  { name: "reload", weight: 1, run: (world) => takeAway(world, () => world.desk.page.reload().catch(() => {})) },
  { name: "close the tab", weight: 1, run: (world) => takeAway(world, () => closeTab(world)) },
  { name: "crash", weight: 1, run: (world) => takeAway(world, () => crash(world)) },
];

/**
 * Runs one random script on a desk: every character that was kept is in the note at the end. The seed and the steps
 * stand in the message of whatever fails.
 */
export async function runTextLossScript(desk: Desk, seed: number): Promise<void> {
  const world: World = { desk, random: createRandom(seed), isCut: false, isServerDead: false, isLoggedOut: false };
  const done: string[] = [];
  try {
    desk.text = "";
    await desk.openEditor();
    await desk.type(`Script ${seed}. `);
    for (let step = 0; step < STEPS; step += 1) {
      const next = choose(world);
      done.push(next.name);
      await next.run(world);
    }
    done.push("publish");
    await publish(world);
  } catch (error) {
    throw new Error(`Seed ${seed}: ${done.join(", ")}. ${String(error)}`, { cause: error });
  }
}

async function typeWords({ desk, random }: World): Promise<void> {
  const words = Array.from({ length: 1 + Math.floor(random() * 4) }, () => WORDS[Math.floor(random() * WORDS.length)]);
  await desk.type(`${words.join(" ")} `);
}

const WORDS = ["sea", "dusk", "walk", "é", "*bold*", "日本", "…", "emoji 🌊", "&amp;", "<b>", "#tag"];

async function setNetwork(world: World, isCut: boolean): Promise<void> {
  await world.desk.cutNetwork(isCut);
  world.isCut = isCut;
}

async function setServer(world: World, isDead: boolean): Promise<void> {
  await (isDead ? world.desk.killServer() : world.desk.startServer());
  world.isServerDead = isDead;
}

async function mend(world: World): Promise<void> {
  await setNetwork(world, false);
  await setServer(world, false);
}

async function endLogin(world: World): Promise<void> {
  await world.desk.endLogin();
  world.isLoggedOut = true;
}

async function logInElsewhere(world: World): Promise<void> {
  await mend(world);
  if (world.isLoggedOut) await world.desk.logInElsewhere();
  world.isLoggedOut = false;
}

async function waitUntilSaved(world: World): Promise<void> {
  await logInElsewhere(world);
  await typeWords(world);
  await world.desk.save();
}

async function closeTab({ desk }: World): Promise<void> {
  await desk.page.close();
  await desk.openTab();
}

async function crash({ desk }: World): Promise<void> {
  await desk.crashBrowser();
  await desk.openBrowser();
}

async function takeAway(world: World, how: () => Promise<unknown>): Promise<void> {
  await how();
  await mend(world);
  expect(await world.desk.goOn()).toBe(world.desk.text);
  world.isLoggedOut = false;
}

async function publish(world: World): Promise<void> {
  await waitUntilSaved(world);
  const { page } = world.desk;
  await page.getByRole("button", { name: "Publish" }).click();
  await page.waitForURL(/done=published/u);
  expect(await world.desk.content()).toBe(world.desk.text);
}

function choose({ random }: World): Step {
  let left = random() * POSSIBLE.reduce((sum, { weight }) => sum + weight, 0);
  for (const step of POSSIBLE) {
    left -= step.weight;
    if (left < 0) return step;
  }
  return POSSIBLE[0] as Step;
}

/** The same numbers from 0 to 1 for the same seed (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
