import { describe, expect, test } from "vitest";
import { listJobs } from "../../src/jobs/job-store.ts";
import { MAX_CITED_URL_LENGTH } from "../../src/notes/cited.ts";
import { fetchCitation } from "../../src/notes/fetch-citation.ts";
import type { StoredNote } from "../../src/notes/note-store.ts";
import { findNote } from "../../src/notes/note-store.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { MAX_PLACE_LENGTH } from "../../src/web/kind-form.ts";
import type { TestApp } from "../support/app.ts";
import { testApp } from "../support/app.ts";
import { logInAgent } from "../support/author.ts";
import { query, queryAll, textOf } from "../support/dom.ts";
import { elsewhere, POST_HTML, POST_URL } from "../support/elsewhere.ts";
import { fillIn, formTo } from "../support/forms.ts";

const OTHER = "https://b.example/other";

async function author(pages: Parameters<typeof elsewhere>[0] = { [POST_URL]: POST_HTML }): Promise<TestApp> {
  const app = await testApp({ fetch: elsewhere(pages).fetch });
  await logInAgent(app);
  return app;
}

const write = ({ http }: TestApp, fields: Record<string, string>) =>
  fillIn(http, { path: "/admin/notes/new", action: "/admin/notes" }, fields);

const edit = ({ http }: TestApp, { id }: { id: number }, fields: Record<string, string>) =>
  fillIn(http, { path: `/admin/notes/${id}`, action: `/admin/notes/${id}` }, fields);

function saved({ ctx }: TestApp, answer: { headers: Record<string, string> }): StoredNote {
  const id = /^\/admin\/notes\/(\d+)/u.exec(answer.headers.location ?? "")?.[1];
  const note = findNote(ctx.db, Number(id));
  if (note === undefined) throw new Error("nothing was saved");
  return note;
}

describe("the author chooses a kind in the form, without any script", () => {
  test.each<[string, Record<string, string>, object]>([
    ["like", { kind: "like", kind_url: POST_URL }, { "like-of": [POST_URL] }],
    ["repost", { kind: "repost", kind_url: ` ${POST_URL} ` }, { "repost-of": [POST_URL] }],
    ["bookmark", { kind: "bookmark", kind_url: POST_URL, title: "Read later" }, { "bookmark-of": [POST_URL] }],
    ["reply", { kind: "reply", kind_url: POST_URL, content: "Yes" }, { "in-reply-to": [POST_URL] }],
    ["rsvp", { kind: "rsvp", kind_url: POST_URL, rsvp: "maybe" }, { "in-reply-to": [POST_URL], rsvp: ["maybe"] }],
    [
      "event",
      {
        kind: "event",
        title: "Club",
        event_start: "2026-07-01T19:00",
        event_end: "2026-07-01T21:00",
        event_place: "Hall",
      },
      { start: ["2026-07-01T19:00:00+02:00"], end: ["2026-07-01T21:00:00+02:00"], location: ["Hall"] },
    ],
    ["photo", { kind: "photo", content: "![A cat](https://b.example/cat.png)" }, {}],
    ["note", { kind: "note", title: "Titled", content: "Text" }, {}],
    ["article", { title: "Titled", content: "Text" }, {}],
  ])("%s", async (kind, fields, properties) => {
    const app = await author();

    const answer = await write(app, fields);

    expect(answer.status).toBe(303);
    const note = saved(app, answer);
    expect(note).toMatchObject({ kind, status: "published" });
    expect(note.properties).toEqual(properties);
    await app.http.get(`/notes/${note.slug}`).expect(200);
    const { fields: shown } = formTo((await app.http.get(`/admin/notes/${note.id}`)).text, `/admin/notes/${note.id}`);
    expect(shown.kind).toBe(kind === "article" ? "" : kind);
  });

  test("a like without words gets an address of its time", async () => {
    const app = await author();

    const note = saved(app, await write(app, { kind: "like", kind_url: POST_URL }));

    expect(note.slug).toBe("2026-03-01-103000");
  });
});

describe("a form that lacks something is refused, with what was typed and the field", () => {
  const long = `https://a.example/${"x".repeat(MAX_CITED_URL_LENGTH - 17)}`;

  test.each<[string, Record<string, string>, RegExp]>([
    ["kind_url", { kind: "like" }, /needs the address of what you like/u],
    ["kind_url", { kind: "reply", kind_url: "javascript:alert(1)", content: "x" }, /no address of a page/u],
    ["kind_url", { kind: "bookmark", kind_url: long }, /at most 2,?048 characters/u],
    ["kind", { kind_url: POST_URL, content: "x" }, /Choose what the address is for/u],
    ["kind", { kind: "sonnet", content: "x" }, /no such kind/u],
    ["kind", { kind: "photo", content: "x" }, /shows an image/u],
    ["rsvp", { kind: "rsvp", kind_url: POST_URL }, /yes, no, maybe or interested/u],
    ["content", { kind: "reply", kind_url: POST_URL }, /A reply says something/u],
    ["title", { kind: "event", event_start: "2026-07-01T19:00" }, /An event has a name/u],
    ["title", { kind: "article", content: "x" }, /An article has a title/u],
    ["event_start", { kind: "event", title: "Club" }, /a time when it begins/u],
    ["event_start", { kind: "event", title: "Club", event_start: "soon" }, /no date and time/u],
    [
      "event_end",
      { kind: "event", title: "C", event_start: "2026-07-01T19:00", event_end: "2026-07-01T18:59" },
      /ends before/u,
    ],
    [
      "event_place",
      { kind: "event", title: "C", event_start: "2026-07-01T19:00", event_place: "x".repeat(MAX_PLACE_LENGTH + 1) },
      /longer than 300/u,
    ],
  ])("%s of %j", async (name, fields, sentence) => {
    const app = await author();

    const { status, text } = await write(app, fields);

    expect(status).toBe(422);
    expect(textOf(query(text, `#${name}-error`))).toMatch(sentence);
    expect(query(text, "#kind-fields")?.attributes.open).toBeDefined();
    expect(formTo(text, "/admin/notes").fields).toMatchObject(
      Object.fromEntries(Object.entries(fields).filter(([field]) => field !== "kind" || fields.kind !== "sonnet")),
    );
    expect(app.ctx.db.get<{ count: number }>("SELECT count(*) AS count FROM notes")?.count).toBe(0);
  });

  test("at the limits it is taken", async () => {
    const app = await author({});
    const url = long.slice(0, MAX_CITED_URL_LENGTH);
    const event = { kind: "event", title: "C", event_start: "2026-07-01T19:00", event_end: "2026-07-01T19:00" };

    expect((await write(app, { kind: "like", kind_url: url })).status).toBe(303);
    expect((await write(app, { ...event, event_place: "x".repeat(MAX_PLACE_LENGTH) })).status).toBe(303);
    expect((await write(app, { ...event, event_start: "9999-12-31T12:00", event_end: "" })).status).toBe(422);
    expect((await write(app, { kind: "reply", kind_url: url, action: "save_draft" })).status).toBe(303);
  });
});

describe("an edited note", () => {
  test("becomes another kind with the same page, or another page, or no page at all", async () => {
    const app = await author();
    const note = saved(app, await write(app, { kind: "like", kind_url: POST_URL, content: "x" }));
    const now = () => findNote(app.ctx.db, note.id);

    await edit(app, note, { kind: "bookmark" });
    expect(now()).toMatchObject({ kind: "bookmark", properties: { "bookmark-of": [POST_URL] } });
    await edit(app, note, { kind_url: OTHER });
    expect(now()?.properties).toEqual({ "bookmark-of": [OTHER] });
    await edit(app, note, { kind: "note" });
    expect(now()).toMatchObject({ kind: "note", properties: {} });
    await edit(app, note, { kind: "event", title: "Club", event_start: "2026-07-01T19:00" });
    expect(now()).toMatchObject({ kind: "event", properties: { start: ["2026-07-01T19:00:00+02:00"] } });
    await edit(app, note, { kind: "" });
    expect(now()).toMatchObject({ kind: "article", properties: {} });
  });

  test("keeps whole what a client sent and the form cannot show", async () => {
    const app = await author({});
    const cite = { type: ["h-cite"], properties: { url: [POST_URL], name: ["Engines"] } };
    const place = { type: ["h-card"], properties: { name: ["Hall"], geo: ["1"] } };
    const properties = {
      "in-reply-to": [cite, OTHER],
      start: ["2026-07-01T19:00:30-05:00"],
      location: [place],
      mood: ["x"],
    };
    const reply = await publishNote(
      app.ctx,
      { content: "x", properties, slug: "r" },
      { madeBy: "https://app.example/" },
    );
    const event = await publishNote(
      app.ctx,
      { content: "x", title: "T", kind: "event", properties, slug: "e" },
      { madeBy: "https://app.example/" },
    );

    await edit(app, reply, { content: "y" });
    await edit(app, event, { content: "y" });

    expect(findNote(app.ctx.db, reply.id)).toMatchObject({ kind: "reply", content: "y" });
    expect(findNote(app.ctx.db, reply.id)?.properties).toEqual(properties);
    expect(findNote(app.ctx.db, event.id)?.properties).toEqual(properties);
  });

  test("shows what came of the pages that it is about, and fetches them again", async () => {
    const pages: Record<string, string | { status: number }> = { [POST_URL]: { status: 404 } };
    const app = await author(pages);
    const note = saved(app, await write(app, { kind: "like", kind_url: POST_URL }));
    const state = async () =>
      textOf(query((await app.http.get(`/admin/notes/${note.id}`)).text, ".cited-pages .row-meta"));
    expect(await state()).toContain("It is being fetched");

    await fetchCitation(app.ctx, { url: POST_URL, isLastAttempt: true });
    expect(await state()).toContain("The last try gave nothing: The server answered 404.");

    await app.ctx.db.write(() => app.ctx.db.run("DELETE FROM jobs"));
    pages[POST_URL] = POST_HTML;
    const path = `/admin/notes/${note.id}`;
    const again = await fillIn(app.http, { path, action: `${path}/citations` }, {});
    expect(again.headers.location).toBe(`${path}?done=refetching`);
    expect(listJobs(app.ctx.db, "notes.fetch_citation", 9)).toMatchObject([{ state: "waiting" }]);
    await fetchCitation(app.ctx, { url: POST_URL, isLastAttempt: true });

    expect(await state()).toMatch(/^“On analytical engines”, fetched /u);
    expect((await app.http.post(`${path}/citations`)).status).toBe(403);
  });
});

describe("an address of the editor fills it in, and saves nothing", () => {
  test.each<[string, object]>([
    [`like-of=${POST_URL}`, { kind: "like", kind_url: POST_URL }],
    [`in-reply-to=${POST_URL}&title=A&text=Yes`, { kind: "reply", kind_url: POST_URL, title: "", content: "Yes" }],
    [`bookmark-of=${POST_URL}`, { kind: "bookmark", kind_url: POST_URL }],
    [`repost-of=${POST_URL}`, { kind: "repost", kind_url: POST_URL }],
    [`in-reply-to=${POST_URL}&rsvp=no`, { kind: "rsvp", kind_url: POST_URL, rsvp: "no" }],
    [`kind=bookmark&url=${POST_URL}&title=Engines`, { kind: "bookmark", kind_url: POST_URL, title: "Engines" }],
    ["kind=event&title=Club", { kind: "event", kind_url: "", title: "Club" }],
    ["like-of=javascript:alert(1)&kind=sonnet&rsvp=perhaps", { kind: "", kind_url: "", rsvp: "" }],
    [`kind=event&title=${"x".repeat(300)}`, { title: "x".repeat(300) }],
    [`kind=event&title=${"x".repeat(301)}`, { title: `${"x".repeat(299)}…` }],
  ])("?%s", async (search, expected) => {
    const app = await author();

    const { text } = await app.http.get(`/admin/notes/new?${search}`).expect(200);

    expect(formTo(text, "/admin/notes").fields).toMatchObject(expected);
    expect(queryAll(text, "[aria-invalid]")).toEqual([]);
  });
});
