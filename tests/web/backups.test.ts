import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PROOF_SECONDS } from "../../src/auth/sessions.ts";
import { backupFolder, writeProof } from "../../src/backup/stored-backups.ts";
import { listJobs } from "../../src/jobs/job-store.ts";
import { readSettings } from "../../src/site/settings-store.ts";
import type { TestApp } from "../support/app.ts";
import { testApp } from "../support/app.ts";
import { logInAgent, PASSWORD } from "../support/author.ts";
import { NOW } from "../support/context.ts";
import { queryAll, textOf } from "../support/dom.ts";
import { formTo, submit } from "../support/forms.ts";

const NAME = "starpunk-2026-02-28T031500Z.zip";

async function appWithBackup(problem = ""): Promise<TestApp & { csrf_token: string }> {
  const app = await testApp();
  const { csrfToken } = await logInAgent(app);
  const folder = backupFolder(app.ctx.config);
  mkdirSync(folder);
  writeFileSync(join(folder, NAME), "zip".repeat(1000));
  writeProof(join(folder, NAME), { provedAt: NOW, problem, notes: 3, lostMedia: 0 });
  return { ...app, csrf_token: csrfToken };
}

test("the page lists each backup with time, size, kind and proof, and says the command that restores the newest", async () => {
  const { http, dir } = await appWithBackup();

  const { text } = await http.get("/admin/backups").expect(200);

  const [row] = queryAll(text, ".row").map((each) => textOf(each));
  expect(row).toMatch(/February 28, 2026 at 4:15 AM.*proved, 3 notes.*monthly.*2\.9 KiB/s);
  expect(textOf(queryAll(text, "pre")[0] as never)).toBe(
    `DATA_DIR=${dir} starpunk restore --force ${dir}/backups/${NAME}`,
  );
});

test("a backup that failed its proof says why", async () => {
  const { http } = await appWithBackup("The home page of the restored site answers 500.");

  const { text } = await http.get("/admin/backups").expect(200);

  expect(text).toContain("failed its proof");
  expect(text).toContain("The home page of the restored site answers 500.");
});

test("“Back up now” queues one job, the page says that it runs, and after it failed, why", async () => {
  const { http, ctx, csrf_token } = await appWithBackup();

  await http.post("/admin/backups").type("form").send({ csrf_token }).expect(303).expect("Location", "/admin/backups");
  const running = await http.get("/admin/backups");
  const jobs = listJobs(ctx.db, "backup.make", 5);
  await ctx.db.write(() => ctx.db.run("UPDATE jobs SET state = 'failed', reason = 'There is no room.'"));
  const failed = await http.get("/admin/backups");

  expect(jobs).toHaveLength(1);
  expect(running.text).toContain("A backup is being made and proved.");
  expect(running.text).not.toContain("Back up now");
  expect(failed.text).toContain("There is no room.");
  expect(failed.text).toContain("Back up now");
});

test("a download is the file itself, to be saved and kept by nobody in between, for the author alone", async () => {
  const { http, port } = await appWithBackup();

  const answer = await http.get(`/admin/backups/${NAME}`).buffer(true).expect(200);
  const head = await http.head(`/admin/backups/${NAME}`).expect(200);
  const stranger = await fetch(`http://127.0.0.1:${port}/admin/backups/${NAME}`, { redirect: "manual" });

  expect(answer.headers).toMatchObject({
    "content-type": "application/zip",
    "content-disposition": `attachment; filename="${NAME}"`,
    "cache-control": "private, no-store",
    "content-length": "3000",
  });
  expect(head.headers["content-length"]).toBe("3000");
  expect(stranger.status).toBe(303);
});

test("a download asks for a proof when the last one is a quarter of an hour old, and leads back to the list", async () => {
  const { http, clock } = await appWithBackup();
  clock.advance(PROOF_SECONDS);

  const asked = await http.get(`/admin/backups/${NAME}`);
  const head = await http.head(`/admin/backups/${NAME}`);
  const form = formTo((await http.get(String(asked.headers.location))).text, String(asked.headers.location));
  const proved = await submit(http, form, { proof_password: PASSWORD });
  const list = await http.get(String(proved.headers.location));

  expect([asked.status, head.status, asked.headers.location]).toEqual([
    303,
    303,
    `/admin/proof?next=${encodeURIComponent("/admin/backups?done=backups-open")}`,
  ]);
  expect([proved.status, proved.headers.location]).toEqual([303, "/admin/backups?done=backups-open"]);
  expect(list.text).toContain("backups can be downloaded");
  await http.get(`/admin/backups/${NAME}`).expect(200);
});

test.each(["starpunk-2026-01-01T031500Z.zip", `${NAME}.json`, "..%2Fstarpunk.db", "..%2F..%2Fetc%2Fpasswd"])(
  "there is no backup %s to fetch or to delete",
  async (name) => {
    const { http, dir, csrf_token } = await appWithBackup();

    expect((await http.get(`/admin/backups/${name}`)).status).toBeGreaterThanOrEqual(400);
    expect((await http.post(`/admin/backups/${name}/delete`).type("form").send({ csrf_token })).status).toBe(404);
    expect(readdirSync(join(dir, "backups"))).toEqual([NAME, `${NAME}.json`]);
  },
);

test("deleting takes the form's token, and removes the backup with its proof", async () => {
  const { http, dir, csrf_token } = await appWithBackup();
  const path = `/admin/backups/${NAME}/delete`;

  await http.post(path).type("form").send({}).expect(403);
  const kept = readdirSync(join(dir, "backups"));
  await http
    .post(path)
    .type("form")
    .send({ csrf_token })
    .expect(303)
    .expect("Location", "/admin/backups?done=backup-deleted");

  expect(kept).toHaveLength(2);
  expect(readdirSync(join(dir, "backups"))).toEqual([]);
  expect((await http.get("/admin/backups")).text).toContain("None yet.");
});

test("the schedule is on by default, and a form turns it off and on", async () => {
  const { http, ctx, csrf_token } = await appWithBackup();
  const set = (backups: string) => http.post("/admin/backups/schedule").type("form").send({ csrf_token, backups });
  const seen = [readSettings(ctx.db).backups];

  await set("off").expect(303);
  seen.push(readSettings(ctx.db).backups);
  await set("daily").expect(303);
  seen.push(readSettings(ctx.db).backups);

  expect(seen).toEqual(["daily", "off", "daily"]);
  expect((await set("hourly")).status).toBe(422);
});
