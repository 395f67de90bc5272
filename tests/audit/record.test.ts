import { expect, test } from "vitest";
import { AUDIT_KINDS } from "../../src/audit/audit-event.ts";
import { listAuditEvents, NEWEST } from "../../src/audit/audit-store.ts";
import { AUDIT_DAYS, AUDIT_PURGE_BATCH, NEWEST_EVENTS_KEPT, purgeAudit } from "../../src/audit/purge-audit.ts";
import type { Act } from "../../src/audit/record.ts";
import {
  MAX_AUDIT_DETAIL_LENGTH,
  MAX_AUDIT_USER_AGENT_LENGTH,
  MAX_DOER_NAME_LENGTH,
  machine,
  record,
  recordAlone,
} from "../../src/audit/record.ts";
import type { Context } from "../../src/context/context.ts";
import { NOW, testContext } from "../support/context.ts";

const DAY = 86_400;
const APP = {
  sort: "app",
  name: "https://app.example/",
  network: "192.0.2.0/24",
  userAgent: "Quill/1",
  requestId: "r1",
} as const;

function events({ db }: Context, filter = {}) {
  return listAuditEvents(db, filter, { before: NEWEST, limit: 10_000 });
}

/** Adds many events at once, whose numbers begin behind `after`. */
async function fill({ db, clock }: Context, kind: Act["kind"], count: number): Promise<void> {
  await db.write(() => {
    for (let i = 0; i < count; i += 1) record({ db, clock, doer: APP }, { kind, detail: `${i}` });
  });
}

test("an event says when, what, who, from which network, by which request, and about which note", async () => {
  const { ctx } = await testContext();

  await recordAlone({ ...ctx, doer: APP }, { kind: "note.create", noteId: 7, detail: "published" });
  await recordAlone(ctx, { kind: "password.reset" });

  expect(events(ctx)).toEqual([
    { id: 2, happenedAt: NOW, kind: "password.reset", doer: machine(""), noteId: undefined, detail: "" },
    { id: 1, happenedAt: NOW, kind: "note.create", doer: APP, noteId: 7, detail: "published" },
  ]);
});

test("what is long is cut, and what no line can hold is taken out", async () => {
  const { ctx } = await testContext();
  const doer = { ...APP, name: "n".repeat(MAX_DOER_NAME_LENGTH + 1), userAgent: `a\n\u0000${"b".repeat(500)}` };

  await recordAlone({ ...ctx, doer }, { kind: "app.ask", detail: "d".repeat(MAX_AUDIT_DETAIL_LENGTH + 1) });
  const whole = { ...doer, name: "n".repeat(MAX_DOER_NAME_LENGTH), userAgent: "b".repeat(MAX_AUDIT_USER_AGENT_LENGTH) };
  await recordAlone({ ...ctx, doer: whole }, { kind: "app.ask", detail: "d".repeat(MAX_AUDIT_DETAIL_LENGTH) });

  const [fitting, cut] = events(ctx);
  expect(fitting).toMatchObject({ doer: whole, detail: "d".repeat(MAX_AUDIT_DETAIL_LENGTH) });
  expect(cut?.doer.name).toHaveLength(MAX_DOER_NAME_LENGTH);
  expect(cut?.doer.userAgent).toMatch(/^a b+…$/);
  expect(cut?.doer.userAgent).toHaveLength(MAX_AUDIT_USER_AGENT_LENGTH);
  expect(cut?.detail).toHaveLength(MAX_AUDIT_DETAIL_LENGTH);
});

test("an event is written with its act or not at all", async () => {
  const { ctx } = await testContext();

  const failed = ctx.db.write(() => {
    record(ctx, { kind: "settings.change" });
    throw new Error("the act failed");
  });

  await expect(failed).rejects.toThrow("the act failed");
  expect(events(ctx)).toEqual([]);
});

test.each([
  "UPDATE audit_events SET detail = 'nothing happened'",
  "DELETE FROM audit_events",
  "DELETE FROM audit_events WHERE id = 1",
  `INSERT OR REPLACE INTO audit_events SELECT id, happened_at, 'app.deny', doer, name, network, user_agent, request_id,
          note_id, detail, is_frequent FROM audit_events`,
])("no statement changes what is there: %s", async (statement) => {
  const { ctx } = await testContext();
  await recordAlone(ctx, { kind: "app.allow", detail: "as it was" });

  await expect(ctx.db.write(() => ctx.db.run(statement))).rejects.toThrow("the audit log is only added to");

  expect(events(ctx)).toMatchObject([{ kind: "app.allow", detail: "as it was" }]);
});

test(`an event is kept for ${AUDIT_DAYS} days and goes after, a batch a day, and never the newest`, async () => {
  const { ctx, clock } = await testContext();
  await fill(ctx, "app.allow", AUDIT_PURGE_BATCH + 1);
  clock.advance(AUDIT_DAYS * DAY);
  await recordAlone(ctx, { kind: "app.deny" });

  await purgeAudit(ctx);
  const onTheDay = events(ctx).length;
  clock.advance(1);
  await recordAlone(ctx, { kind: "app.deny" });
  await purgeAudit(ctx);
  const dayAfter = events(ctx).length;
  clock.advance(10 * AUDIT_DAYS * DAY);
  await purgeAudit(ctx);

  expect([onTheDay, dayAfter]).toEqual([AUDIT_PURGE_BATCH + 2, 3]);
  expect(events(ctx).map(({ kind }) => kind)).toEqual(["app.deny", "app.deny"]);
});

test("of what apps and strangers do without end, the newest are kept, and they drive out nothing that is rare", async () => {
  const { ctx } = await testContext();
  await fill(ctx, "login.open", 1);
  await fill(ctx, "login.refuse", 2);
  // As if as many events had come after as are kept, less one.
  await ctx.db.write(() =>
    ctx.db.run(
      `INSERT INTO audit_events
       SELECT :id, happened_at, 'note.create', 'app', name, network, user_agent, request_id, note_id, detail, 1
         FROM audit_events WHERE id = 1`,
      { id: NEWEST_EVENTS_KEPT + 2 },
    ),
  );

  await purgeAudit(ctx);

  expect(events(ctx).map(({ id, kind }) => [id, kind])).toEqual([
    [NEWEST_EVENTS_KEPT + 2, "note.create"],
    [3, "login.refuse"],
    [1, "login.open"],
  ]);
  await expect(ctx.db.write(() => ctx.db.run("DELETE FROM audit_events WHERE id = 3"))).rejects.toThrow("only added");
});

test("events are found by kind, by sort of doer, by name and by time, in pieces from the newest on", async () => {
  const { ctx, clock } = await testContext();
  await recordAlone(ctx, { kind: "site.set_up" });
  clock.advance(60);
  await recordAlone({ ...ctx, doer: APP }, { kind: "note.create" });
  await recordAlone({ ...ctx, doer: { ...APP, name: "https://other.example/" } }, { kind: "note.create" });

  const ids = (filter: object) => events(ctx, filter).map(({ id }) => id);

  expect(ids({ kinds: ["note.create", "note.update"] })).toEqual([3, 2]);
  expect(ids({ sort: "machine" })).toEqual([1]);
  expect(ids({ sort: "app", name: APP.name })).toEqual([2]);
  expect(ids({ since: clock.now() })).toEqual([3, 2]);
  expect(listAuditEvents(ctx.db, {}, { before: 3, limit: 1 }).map(({ id }) => id)).toEqual([2]);
});

test("a stranger or an app can bring about without end only what is kept by number", () => {
  const frequent = Object.entries(AUDIT_KINDS).filter(([, kind]) => "frequent" in kind);

  expect(frequent.map(([name]) => name)).toEqual([
    "login.refuse",
    "app.ask",
    "token.refresh",
    "note.create",
    "note.update",
    "note.delete",
    "note.undelete",
    "media.upload",
    "media.delete",
  ]);
});
