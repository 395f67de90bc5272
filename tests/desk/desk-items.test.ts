import { expect, test } from "vitest";
import type { DeskKind } from "../../src/desk/desk-item.ts";
import {
  MAX_DESK_ITEMS,
  MAX_DESK_NAME_LENGTH,
  MAX_SAVED_QUERY_LENGTH,
  MAX_SNIPPET_LENGTH,
  MAX_TEMPLATE_LENGTH,
  parseDeskItem,
} from "../../src/desk/desk-item.ts";
import { listDeskItems } from "../../src/desk/desk-item-store.ts";
import { fillTemplate, PLACEHOLDERS } from "../../src/desk/fill-template.ts";
import { deleteDeskItem, saveDeskItem } from "../../src/desk/save-desk-item.ts";
import type { Timestamp } from "../../src/lib/clock.ts";
import { testContext } from "../support/context.ts";

const SNIPPET = { name: "Greeting", fields: { content: "Best wishes" } };

test("a thing is made, changed under the same id, and deleted", async () => {
  const { ctx } = await testContext();

  await saveDeskItem(ctx, "snippet", SNIPPET);
  const [made] = listDeskItems(ctx.db, "snippet");
  await saveDeskItem(ctx, "snippet", { id: made?.id, name: "Farewell", fields: { content: "So long" } });
  const changed = listDeskItems(ctx.db, "snippet");
  await deleteDeskItem(ctx, "snippet", made?.id ?? 0);

  expect(made).toMatchObject(SNIPPET);
  expect(changed).toEqual([{ id: made?.id, name: "Farewell", fields: { content: "So long" } }]);
  expect(listDeskItems(ctx.db, "snippet")).toEqual([]);
});

test("a name is taken once of each kind, whatever its capitals", async () => {
  const { ctx } = await testContext();
  await saveDeskItem(ctx, "snippet", SNIPPET);

  const again = saveDeskItem(ctx, "snippet", { ...SNIPPET, name: " GREETING " });
  await saveDeskItem(ctx, "template", SNIPPET);

  await expect(again).rejects.toMatchObject({ code: "invalid", field: "name" });
  expect(listDeskItems(ctx.db, "template")).toHaveLength(1);
});

test("there are so many of a kind, and not one more; what there is can still be changed", async () => {
  const { ctx } = await testContext();
  for (let made = 0; made < MAX_DESK_ITEMS; made += 1) {
    await saveDeskItem(ctx, "snippet", { ...SNIPPET, name: `Number ${made}` });
  }

  const more = saveDeskItem(ctx, "snippet", SNIPPET);
  const first = listDeskItems(ctx.db, "snippet")[0];
  await saveDeskItem(ctx, "snippet", { ...SNIPPET, id: first?.id });

  await expect(more).rejects.toMatchObject({ field: "name", message: expect.stringContaining("50 already") });
  expect(listDeskItems(ctx.db, "snippet")).toHaveLength(MAX_DESK_ITEMS);
});

test.each<[kind: DeskKind, field: string, fields: Record<string, string>]>([
  ["snippet", "content", { content: " \n" }],
  ["snippet", "content", { content: "x".repeat(MAX_SNIPPET_LENGTH + 1) }],
  ["template", "content", {}],
  ["template", "content", { content: "x".repeat(MAX_TEMPLATE_LENGTH + 1) }],
  ["template", "title", { title: "x".repeat(301) }],
  ["template", "tags", { tags: "x".repeat(81) }],
  ["search", "query", { query: " ", status: "erased" }],
  ["search", "query", { query: "x".repeat(MAX_SAVED_QUERY_LENGTH + 1) }],
])("a %s is refused for its %s", (kind, field, fields) => {
  expect(() => parseDeskItem(kind, { name: "x", fields })).toThrow(expect.objectContaining({ code: "invalid", field }));
});

test("each limit itself is kept", () => {
  const name = "n".repeat(MAX_DESK_NAME_LENGTH);
  const limits = [
    parseDeskItem("snippet", { name, fields: { content: "x".repeat(MAX_SNIPPET_LENGTH) } }).fields.content,
    parseDeskItem("template", { name, fields: { content: "x".repeat(MAX_TEMPLATE_LENGTH) } }).fields.content,
    parseDeskItem("search", { name, fields: { query: "x".repeat(MAX_SAVED_QUERY_LENGTH) } }).fields.query,
  ];

  expect(limits.map((text) => text.length)).toEqual([2_000, 20_000, 200]);
  expect(() => parseDeskItem("search", { name: `${name}n`, fields: { query: "x" } })).toThrow("shorten it to 60");
  expect(() => parseDeskItem("search", { name: " ", fields: { query: "x" } })).toThrow("Give it a name");
});

const MOMENT = { now: "2026-03-01T23:30:00.000Z" as Timestamp, timeZone: "Europe/Berlin", language: "en" };

test("placeholders say the moment in the author's zone and language", () => {
  const all = Object.keys(PLACEHOLDERS)
    .map((name) => `{{${name}}}`)
    .join("|");

  expect(fillTemplate(all, MOMENT)).toBe("2026-03-02|00:30|02|03|2026|Monday|March 2, 2026");
  expect(fillTemplate("{{ weekday }}, {{long_date}}", { ...MOMENT, language: "de" })).toBe("Montag, 2. März 2026");
});

test.each(["{{unknown}}", "{{ constructor }}", "{{7*7}}", "{% if x %}", "{{date", "{{date}", "{date}"])(
  "%s in a template stays as it is",
  (text) => {
    expect(fillTemplate(text, MOMENT)).toBe(text);
  },
);
