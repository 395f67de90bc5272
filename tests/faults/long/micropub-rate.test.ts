import { Agent } from "node:http";
import { getPriority } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Child } from "../../support/child.ts";
import { startChild } from "../../support/child.ts";
import type { ReaderFigures } from "../../support/reader-child.ts";
import type { ServingProcess } from "../../support/server-process.ts";
import { createFolder, startServing } from "../../support/server-process.ts";
import type { ProcessSite } from "../../support/site-author.ts";
import { sendNote, setUpSite } from "../../support/site-author.ts";

/** Notes a second, and for how many seconds in all. */
const PER_SECOND = 100;
const SECONDS = Number(process.env.RATE_SECONDS ?? 60);
/** Writing and rest take turns, so that whatever else the machine does befalls both alike. */
const TURNS = 6;
/** Answers a second that the readers want. */
const READS_PER_SECOND = 100;
/** Notes that are there before. */
const NOTES_BEFORE = 200;

/** How long readers may take to have all answers that were due while notes were written, in seconds. */
const CATCH_UP_SECONDS = 60;
/** How much longer than its time the writing may take: what is slower is not that rate. */
const SLACK = 1.2;

const LOGIN = { cookie: "", csrfToken: "" };

type Site = { readonly server: ServingProcess; readonly site: ProcessSite };
type Target = Site & { readonly agent: Agent };

/** A text of its own for each note: thirty of five thousand words, so that notes are as much alike as those of people. */
function textOf(number: number): string {
  const words = Array.from({ length: 30 }, (_, place) => `w${(number * 7_919 + place * place * 104_729) % 5_000}`);
  return `Note number ${number}, at a rate: ${words.join(" ")}`;
}

/** Publishes a note and returns its path. */
async function publish({ server, site, agent }: Target, number: number): Promise<string> {
  const note = { content: textOf(number), tags: ["rate"], way: "form", formKey: "" } as const;
  const { status, location } = await sendNote({ port: server.port, agent, site, login: LOGIN }, note);
  if (status !== 201) throw new Error(`Note ${number} was answered with ${status}.`);
  return new URL(location).pathname;
}

/** Sends notes when they are due, whether or not those before were answered; resolves when all are. */
async function publishAtRate(site: Site, first: number, count: number): Promise<string[]> {
  // Connections of its own: the server closes those that were idle, just when they are used again.
  const target = { ...site, agent: new Agent({ keepAlive: true, maxSockets: 16 }) };
  const begin = performance.now();
  const sent: Promise<string>[] = [];
  while (sent.length < count) {
    const due = Math.min(count, ((performance.now() - begin) / 1000) * PER_SECOND);
    while (sent.length < due) sent.push(publish(target, first + sent.length));
    await pause(2);
  }
  const paths = await Promise.all(sent);
  target.agent.destroy();
  return paths;
}

/** Paths that do not show their note, asked for one after the other. */
async function listLost(url: string, paths: readonly string[]): Promise<string[]> {
  const lost: string[] = [];
  for (const [index, path] of paths.entries()) {
    const page = await (await fetch(url + path)).text();
    if (!page.includes(`Note number ${NOTES_BEFORE + index}, at a rate`)) lost.push(path);
  }
  return lost;
}

/** Waits until the readers have had every answer that was due: what they waited for in the writing is no part of the rest. */
async function catchUp(readers: Child): Promise<void> {
  for (let seconds = 0; seconds < CATCH_UP_SECONDS; seconds += 1) {
    await pause(1_000);
    const { count, p50 } = await readers.ask<ReaderFigures>({ do: "tell" });
    if (count <= 1.2 * READS_PER_SECOND && p50 < 500) return;
  }
  throw new Error(`The readers had not caught up within ${CATCH_UP_SECONDS} seconds.`);
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

test(`${PER_SECOND} notes a second for ${SECONDS} seconds lose none, and readers hardly wait for them`, async () => {
  const dataDir = createFolder();
  const site = await setUpSite(dataDir);
  const server = await startServing(dataDir, { ...site.env, LOG_LEVEL: "warn" });
  const before = await publishAtRate({ server, site }, 0, NOTES_BEFORE);
  const readers = await startChild(new URL("../../support/reader-child.ts", import.meta.url));
  const urls = [...before.slice(0, 17), "/", "/tags/rate", "/feed.xml"].map((path) => server.url + path);
  await readers.ask({ do: "read", urls, perSecond: READS_PER_SECOND, priority: getPriority() });

  const inTurn = (SECONDS * PER_SECOND) / TURNS;
  const figures = { rest: [] as ReaderFigures[], writing: [] as ReaderFigures[] };
  const published: string[] = [];
  const took: number[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    await catchUp(readers);
    await pause((SECONDS * 1000) / TURNS);
    figures.rest.push(await readers.ask<ReaderFigures>({ do: "tell" }));
    const begin = performance.now();
    published.push(...(await publishAtRate({ server, site }, NOTES_BEFORE + published.length, inTurn)));
    took.push((performance.now() - begin) / 1000);
    figures.writing.push(await readers.ask<ReaderFigures>({ do: "tell" }));
  }
  await readers.kill();

  const waits = {
    rest: median(figures.rest.map(({ p99 }) => p99)),
    writing: median(figures.writing.map(({ p99 }) => p99)),
  };
  console.info(JSON.stringify({ published: published.length, took, waits, ...figures }));

  const lost = await listLost(server.url, published);
  expect(new Set(published).size).toBe(SECONDS * PER_SECOND);
  expect(lost).toEqual([]);
  expect([...figures.rest, ...figures.writing].filter(({ failed }) => failed > 0)).toEqual([]);
  expect(Math.max(...took)).toBeLessThan((SLACK * SECONDS) / TURNS);
  expect(waits.writing).toBeLessThan(2 * waits.rest);
});
