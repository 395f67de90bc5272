import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { migrate } from "../../src/db/migrate.ts";
import { MIGRATIONS_FOLDER, readMigrations } from "../../src/db/migration-files.ts";
import type { Child } from "../support/child.ts";
import { startChild } from "../support/child.ts";
import { NOW, testFolder } from "../support/context.ts";
import { copyMigrations, query, readSchema, tamper } from "../support/database-files.ts";
import type { Answer } from "./database-child.ts";

const CHILD = new URL("./database-child.ts", import.meta.url);
const PROCESSES = 8;
const ROUNDS = 10;
const KILLS = 20;
const ALL = readMigrations(MIGRATIONS_FOLDER).map((migration) => migration.name);

test("eight processes at once make one database of an empty folder, and all come up", {
  timeout: 180_000,
}, async () => {
  const expected = await schemaOfOneProcess();
  const children = await startMany();

  for (let round = 0; round < ROUNDS; round += 1) {
    const folder = join(testFolder(), "data");
    const file = join(folder, "starpunk.db");

    const answers = await askAll(children, { do: "migrate", options: { file } });

    expect(appliedBy(answers)).toEqual(ALL);
    expect(readSchema(file)).toEqual(expected);
    expect(readdirSync(folder)).toEqual(["starpunk.db"]);
  }
});

test("eight processes at once bring an old folder up to date, and make one copy of it", {
  timeout: 180_000,
}, async () => {
  const expected = await schemaOfOneProcess();
  const children = await startMany();

  for (let round = 0; round < ROUNDS; round += 1) {
    const folder = testFolder();
    const file = await oldDatabase(folder);

    const answers = await askAll(children, { do: "migrate", options: { file } });

    expect(appliedBy(answers)).toEqual(ALL.slice(2));
    expect(readSchema(file)).toEqual(expected);
    expect(query(file, "SELECT value FROM settings")).toEqual([{ value: '"Old"' }]);
    expect(readdirSync(folder).filter((name) => name.startsWith("starpunk"))).toEqual([
      "starpunk-before-003.db",
      "starpunk.db",
    ]);
  }
});

test("a process that is killed while it migrates leaves what the next one can finish", {
  timeout: 180_000,
}, async () => {
  const expected = await schemaOfOneProcess();

  for (let round = 0; round < KILLS; round += 1) {
    const folder = testFolder();
    const file = await oldDatabase(folder);
    const child = await startChild(CHILD);

    const answer = child.ask({ do: "migrate", options: { file } }).catch(() => "killed");
    await sleep(Math.random() * 60);
    await child.kill();
    await answer;
    await migrate({ file, clock: () => NOW });

    expect(readSchema(file)).toEqual(expected);
    expect(query(file, "SELECT value FROM settings")).toEqual([{ value: '"Old"' }]);
    expect(query(join(folder, "starpunk-before-003.db"), "SELECT number FROM schema_migrations")).toHaveLength(2);
  }
});

async function schemaOfOneProcess(): Promise<unknown> {
  const file = join(testFolder(), "starpunk.db");
  await migrate({ file, clock: () => NOW });
  return readSchema(file);
}

async function oldDatabase(folder: string): Promise<string> {
  const file = join(folder, "starpunk.db");
  await migrate({ file, folder: copyMigrations(join(folder, "old-migrations"), 2), clock: () => NOW });
  tamper(file, `INSERT INTO settings (name, value, changed_at) VALUES ('siteTitle', '"Old"', '${NOW}')`);
  return file;
}

function startMany(): Promise<Child[]> {
  return Promise.all(Array.from({ length: PROCESSES }, () => startChild(CHILD)));
}

function askAll(children: Child[], request: object): Promise<Answer[]> {
  return Promise.all(children.map((child) => child.ask<Answer>(request)));
}

/** What all processes applied together, in order; nothing twice. */
function appliedBy(answers: Answer[]): string[] {
  expect(answers.filter((answer) => answer.error)).toEqual([]);
  return answers.flatMap((answer) => answer.value as string[]).sort();
}
