import { Agent } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
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

const LOGIN = { cookie: "", csrfToken: "" };

type Target = { readonly server: ServingProcess; readonly site: ProcessSite; readonly agent: Agent };

/** Publishes a note and returns its path. */
async function publish({ server, site, agent }: Target, number: number): Promise<string> {
  const note = { content: `Note number ${number}, at a rate`, tags: ["rate"], way: "form", formKey: "" } as const;
  const { status, location } = await sendNote({ port: server.port, agent, site, login: LOGIN }, note);
  if (status !== 201) throw new Error(`Note ${number} was answered with ${status}.`);
  return new URL(location).pathname;
}

/** Sends notes when they are due, whether or not those before were answered; resolves when all are. */
async function publishAtRate(target: Target, first: number, count: number): Promise<string[]> {
  const begin = performance.now();
  const sent: Promise<string>[] = [];
  while (sent.length < count) {
    const due = Math.min(count, ((performance.now() - begin) / 1000) * PER_SECOND);
    while (sent.length < due) sent.push(publish(target, first + sent.length));
    await pause(2);
  }
  return await Promise.all(sent);
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

test(`${PER_SECOND} notes a second for ${SECONDS} seconds lose none, and readers hardly wait for them`, async () => {
  const dataDir = createFolder();
  const site = await setUpSite(dataDir);
  const server = await startServing(dataDir, { ...site.env, LOG_LEVEL: "warn" });
  const target = { server, site, agent: new Agent({ keepAlive: true, maxSockets: 16 }) };
  const before: string[] = [];
  for (let number = 0; number < NOTES_BEFORE; number += 1) before.push(await publish(target, number));
  const readers = await startChild(new URL("../../support/reader-child.ts", import.meta.url));
  const urls = [...before.slice(0, 17), "/", "/tags/rate", "/feed.xml"].map((path) => server.url + path);
  await readers.ask({ do: "read", urls, perSecond: READS_PER_SECOND, priority: 0 });
  await pause(3_000);
  await readers.ask<ReaderFigures>({ do: "tell" });

  const inTurn = (SECONDS * PER_SECOND) / TURNS;
  const figures = { rest: [] as ReaderFigures[], writing: [] as ReaderFigures[] };
  const published: string[] = [];
  const took: number[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    await pause((SECONDS * 1000) / TURNS);
    figures.rest.push(await readers.ask<ReaderFigures>({ do: "tell" }));
    const begin = performance.now();
    published.push(...(await publishAtRate(target, NOTES_BEFORE + published.length, inTurn)));
    took.push((performance.now() - begin) / 1000);
    figures.writing.push(await readers.ask<ReaderFigures>({ do: "tell" }));
  }
  await readers.kill();

  const there = await Promise.all(published.map((path) => fetch(server.url + path).then((answer) => answer.text())));
  const lost = there.filter((page, index) => !page.includes(`Note number ${NOTES_BEFORE + index}, at a rate`));
  const waits = {
    rest: median(figures.rest.map(({ p99 }) => p99)),
    writing: median(figures.writing.map(({ p99 }) => p99)),
  };
  console.info(JSON.stringify({ published: published.length, took, waits, ...figures }));

  expect(new Set(published).size).toBe(SECONDS * PER_SECOND);
  expect(lost).toEqual([]);
  expect([...figures.rest, ...figures.writing].filter(({ failed }) => failed > 0)).toEqual([]);
  expect(waits.writing).toBeLessThan(2 * waits.rest);
});
