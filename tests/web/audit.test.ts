import { expect, test } from "vitest";
import { EXPORT_BATCH, exportAudit } from "../../src/audit/export-audit.ts";
import type { Act } from "../../src/audit/record.ts";
import { record, recordAlone } from "../../src/audit/record.ts";
import { createToken } from "../../src/auth/tokens.ts";
import { EVENTS_PER_PAGE } from "../../src/web/audit-view.ts";
import { authorApp } from "../support/author-app.ts";
import { queryAll, textOf } from "../support/dom.ts";

const APP = {
  sort: "app",
  name: "https://app.example/",
  network: "192.0.2.0/24",
  userAgent: "",
  requestId: "r1",
} as const;

async function site() {
  const app = await authorApp();
  const { db, clock } = app.ctx;
  const rows = async (search = "") => {
    const page = await app.http.get(`/admin/audit${search}`).expect(200);
    return { page, rows: queryAll(page.text, ".row").map((row) => textOf(row)) };
  };
  const fill = (kind: Act["kind"], count: number) =>
    db.write(() => {
      for (let i = 1; i <= count; i += 1) record({ db, clock, doer: APP }, { kind, detail: `n ${i}` });
    });
  return { ...app, rows, fill };
}

test("the page says what happened, who did it, from where and by which request, and leads to the note", async () => {
  const app = await site();
  await recordAlone({ ...app.ctx, doer: APP }, { kind: "note.create", noteId: 7, detail: "<b>published</b>" });

  const { page, rows } = await app.rows();

  expect(rows).toHaveLength(3);
  expect(rows[0]).toMatch(
    /^Wrote a note · the note https:\/\/app\.example\/ · <b>published<\/b> March 1, 2026 at 10:30.AM 192\.0\.2\.0\/24 Request r1$/u,
  );
  expect(rows[1]).toMatch(/^Signed in The author, login 1/);
  expect(rows[2]).toMatch(/^Set the site up This machine/);
  expect(page.text).toContain('href="/admin/notes/7/edit"');
});

test("it is filtered by subject and by who, and paged without missing or repeating an event", async () => {
  const app = await site();
  await createToken(app.ctx, { scope: "create", clientId: APP.name });
  await app.fill("note.update", EVENTS_PER_PAGE + 1);

  const logins = await app.rows("?subject=logins");
  const machine = await app.rows("?who=machine");
  const first = await app.rows(`?subject=writes&who=${encodeURIComponent(`app:${APP.name}`)}`);
  const next = /rel="next" href="([^"]+)"/.exec(first.page.text)?.[1]?.replaceAll("&amp;", "&") ?? "";
  const second = await app.rows(next.replace("/admin/audit", ""));
  const nobody = await app.rows("?who=app:https://gone.example/&subject=logins");
  const anything = await app.rows("?who=nobody&subject=weather");

  expect([logins.rows.length, machine.rows.length, nobody.rows.length]).toEqual([1, 2, 0]);
  expect([first.rows.length, second.rows.length]).toEqual([EVENTS_PER_PAGE, 1]);
  expect(second.rows[0]).toContain("· n 1 ");
  expect(second.page.text).not.toContain('rel="next"');
  expect(first.page.text).toContain(`<option value="app:${APP.name}" selected>`);
  expect(nobody.page.text).toContain("https://gone.example/</option>");
  expect(anything.rows).toHaveLength(EVENTS_PER_PAGE);
  await app.http.get("/admin/audit?before=x").expect(400);
});

test("the export is the whole filtered log as JSON Lines, and says that it was made", async () => {
  const app = await site();
  await app.fill("note.update", EXPORT_BATCH + 1);

  const whole = await app.http.get("/admin/audit/export.jsonl").buffer(true).expect(200);
  const filtered = await app.http.get("/admin/audit/export.jsonl?subject=writes").buffer(true);

  const lines = String(whole.text ?? whole.body)
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines).toHaveLength(EXPORT_BATCH + 4);
  expect(lines[0]).toMatchObject({ kind: "audit.export", doer: "author", name: "1", detail: "jsonl", note_id: null });
  expect(lines.at(-1)).toMatchObject({ id: 1, kind: "site.set_up" });
  expect(
    String(filtered.text ?? filtered.body)
      .trimEnd()
      .split("\n"),
  ).toHaveLength(EXPORT_BATCH + 1);
  expect(whole.headers["content-disposition"]).toBe('attachment; filename="audit.jsonl"');
});

test("no cell of the CSV is a formula, and none ends early", async () => {
  const app = await site();
  for (const detail of ['=HYPERLINK("http://evil.example")', "+1", "-1", "@SUM(A1)", 'a "quote", a comma']) {
    await recordAlone({ ...app.ctx, doer: APP }, { kind: "app.ask", detail });
  }

  const lines = [...exportAudit(app.ctx.db, { kinds: ["app.ask"] }, "csv")].join("").split("\r\n");
  const answer = await app.http.get("/admin/audit/export.csv").expect(200);

  expect(lines[0]).toBe(
    '"id","happened_at","kind","doer","name","network","user_agent","request_id","note_id","detail"',
  );
  expect(lines.slice(1, -1).map((line) => line.split('"r1","",')[1])).toEqual([
    '"a ""quote"", a comma"',
    '"\'@SUM(A1)"',
    '"\'-1"',
    '"\'+1"',
    '"\'=HYPERLINK(""http://evil.example"")"',
  ]);
  expect(answer.headers["content-type"]).toBe("text/csv; charset=utf-8");
});
