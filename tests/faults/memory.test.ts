import { existsSync, readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import type { ServingProcess } from "../support/server-process.ts";
import { createFolder, startServing } from "../support/server-process.ts";
import { PROCESS_SITE_URL, setUpSite } from "../support/site-author.ts";

const WARM_UP = 4_000;
const ALL = 20_000;
const CONNECTIONS = 16;
const MAX_GROWTH_MIB = 40;
/** Requests between two looks at the memory, and looks that make a value: the collector makes a single one a saw's tooth. */
const LOOK_EVERY = 100;
const LOOKS = 20;
/** The test may take so long on two cores that do nothing else; a busy machine is given more. */
const TIMEOUT_MS = 240_000;

/** One request of the mix, and the statuses that are right. */
type Question = {
  readonly path: string;
  readonly statuses: readonly number[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

type Answer = { readonly status: number; readonly etag: string; readonly location: string };

type Mix = { readonly token: string; readonly notes: string[]; readonly etags: Map<string, string> };

/** Resident memory of a process, in MiB. */
function residentMiB(pid: number | undefined): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kib) / 1024;
}

/** The middle one of the newest looks. */
function settled(looks: readonly number[]): number {
  const newest = looks.slice(-LOOKS).sort((one, other) => one - other);
  return newest[Math.floor(newest.length / 2)] ?? Number.NaN;
}

/** What readers, robots, apps and an author at the door ask for, by the number of the request. */
function question(number: number, mix: Mix): Question {
  const word = `word${number % 97}`;
  const ofPath = (path: string, headers = {}): Question => ({ path, statuses: [200], headers });
  const again = (path: string): Question => ({
    path,
    statuses: [200, 304],
    headers: { "If-None-Match": mix.etags.get(path) ?? "none" },
  });
  const choices: readonly (() => Question)[] = [
    () => ofPath("/"),
    () => ofPath("/", { "Accept-Encoding": "br" }),
    () => ofPath(`/?utm=${number}`),
    () => again("/"),
    () => ofPath("/feed.xml", { "Accept-Encoding": "gzip" }),
    () => again("/feed.xml"),
    () => ofPath("/feed.atom"),
    () => ofPath("/feed.json"),
    () => ofPath(`/tags/tag${number % 7}`),
    () => ofPath(`/tags/tag${number % 7}/feed.xml`),
    () => ofPath("/archive"),
    () => ofPath("/sitemap.xml"),
    // Each from another network, since one may not search that often.
    () => ofPath(`/search?q=${word}`, { "X-Forwarded-For": `11.${(number >> 8) % 256}.${number % 256}.1` }),
    () => ({ path: `/nowhere/${number}`, statuses: [404] }),
    () => ({ path: `/notes/none-${number}`, statuses: [404] }),
    () => ofPath("/login"),
    () => (number % 100 === 16 ? publishing(number, word, mix) : permalink(number, mix)),
  ];
  return (choices[number % 20] ?? (() => permalink(number, mix)))();
}

function permalink(number: number, { notes }: Mix): Question {
  const path = notes[(number * 7919) % notes.length] ?? "/";
  return { path, statuses: [200], headers: number % 2 === 0 ? { "Accept-Encoding": "gzip, br" } : {} };
}

function publishing(number: number, word: string, { token }: Mix): Question {
  const content = `Note ${number} of the mix. ${`Some ${word} among others. `.repeat(number % 40)}`;
  const fields = new URLSearchParams({ h: "entry", content, category: `tag${Math.floor(number / 100) % 7}` });
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/x-www-form-urlencoded" };
  return { path: "/micropub", statuses: [201], headers, body: fields.toString() };
}

function ask({ port }: ServingProcess, agent: Agent, { path, headers = {}, body }: Question): Promise<Answer> {
  const method = body === undefined ? "GET" : "POST";
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, method, headers, agent }, (answer) => {
      answer.on("error", reject).on("end", () => {
        const { etag = "", location = "" } = answer.headers;
        resolve({ status: answer.statusCode ?? 0, etag, location });
      });
      answer.resume();
    });
    sent.on("error", reject).end(body);
  });
}

/** Asks the questions from `first` to below `end` over some connections; resolves with those that went wrong, and the memory. */
async function askAll(server: ServingProcess, mix: Mix, { first, end }: { first: number; end: number }) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  onTestFinished(() => agent.destroy());
  const wrong: string[] = [];
  const looks: number[] = [];
  const state = { next: first };
  const next = (): Question => {
    if (state.next % LOOK_EVERY === 0) looks.push(residentMiB(server.child.pid));
    return question(state.next++, mix);
  };
  const askOn = async (): Promise<void> => {
    while (state.next < end) {
      const asked = next();
      const { status, etag, location } = await ask(server, agent, asked);
      if (!asked.statuses.includes(status)) wrong.push(`${asked.path}: ${status}`);
      if (etag !== "") mix.etags.set(asked.path, etag);
      if (location !== "") mix.notes.push(new URL(location).pathname);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, askOn));
  return { wrong, residentMiB: settled(looks) };
}

test.skipIf(!existsSync("/proc/self/status"))(
  `${ALL} mixed requests leave resident memory within ${MAX_GROWTH_MIB} MiB of its value after ${WARM_UP} (needs /proc)`,
  async () => {
    const dataDir = createFolder();
    const { token } = await setUpSite(dataDir);
    const server = await startServing(dataDir, { SITE_URL: PROCESS_SITE_URL, TRUST_PROXY: "1" });
    const mix: Mix = { token, notes: [], etags: new Map() };
    const agent = new Agent({ keepAlive: true });
    onTestFinished(() => agent.destroy());
    for (let number = 0; number < 140; number += 1) {
      const { location } = await ask(server, agent, publishing(number * 100, `word${number % 97}`, mix));
      mix.notes.push(new URL(location).pathname);
    }

    const atFirst = await askAll(server, mix, { first: 0, end: WARM_UP });
    const afterAll = await askAll(server, mix, { first: WARM_UP, end: ALL });

    expect([...atFirst.wrong, ...afterAll.wrong]).toEqual([]);
    expect(atFirst.residentMiB).toBeGreaterThan(20);
    expect(afterAll.residentMiB - atFirst.residentMiB).toBeLessThan(MAX_GROWTH_MIB);
  },
  TIMEOUT_MS,
);
