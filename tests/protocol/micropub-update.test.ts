import { expect, test } from "vitest";
import { createToken } from "../../src/auth/tokens.ts";
import type { Timestamp } from "../../src/lib/clock.ts";
import { addSeconds } from "../../src/lib/clock.ts";
import type { NoteInput } from "../../src/notes/note-input.ts";
import type { StoredNote } from "../../src/notes/note-store.ts";
import { findNote, findNoteBySlug } from "../../src/notes/note-store.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { eraseNote, trashNote } from "../../src/notes/trash.ts";
import { changeSettings } from "../../src/site/change-settings.ts";
import { MAX_MICROPUB_FILES } from "../../src/web/micropub-door.ts";
import type { TestApp } from "../support/app.ts";
import { SITE_URL, testApp } from "../support/app.ts";
import { createAuthor } from "../support/author.ts";
import { NOW } from "../support/context.ts";
import { query } from "../support/dom.ts";
import { picture } from "../support/images.ts";

const ALL = "create update delete undelete";
const ADMIN = { madeBy: "admin" };

type Client = TestApp & { readonly token: string };

async function client(scope = ALL): Promise<Client> {
  const app = await testApp();
  await createAuthor(app.ctx);
  return { ...app, token: (await createToken(app.ctx, { scope, clientId: "https://app.example/" })).token };
}

function post({ http, token }: Client) {
  return http.post("/micropub").set("Authorization", `Bearer ${token}`);
}

/** Sends an update of a note and returns the note as it then is. */
async function update(app: Client, note: StoredNote, changes: object): Promise<StoredNote> {
  const answer = await post(app).send({ action: "update", url: `${SITE_URL}/notes/${note.slug}`, ...changes });
  expect(answer.text).toBe("");
  expect([201, 204]).toContain(answer.status);
  const after = findNote(app.ctx.db, note.id);
  if (after === undefined) throw new Error("The note is gone.");
  return after;
}

async function source({ http, token }: Client, url: string): Promise<Record<string, unknown[]>> {
  const answer = await http
    .get(`/micropub?q=source&url=${encodeURIComponent(url)}`)
    .set("Authorization", `Bearer ${token}`)
    .expect(200);
  return answer.body.properties;
}

function publish(app: Client, input: Partial<NoteInput> = {}): Promise<StoredNote> {
  return publishNote(app.ctx, { content: "x", slug: "mine", ...input }, ADMIN);
}

test("what an update does not name stays to the millisecond: times, offset, visibility, language, tags", async () => {
  const app = await client();
  app.clock.set("2026-03-01T09:30:00.123Z" as Timestamp);
  const note = await publish(app, { visibility: "unlisted", language: "de", tags: ["A, b"], content: "*x* #sea" });
  app.clock.advance(60);

  const after = await update(app, note, { replace: { name: ["Title"] } });

  expect(after).toEqual({
    ...note,
    title: "Title",
    kind: "article",
    version: 2,
    updatedAt: addSeconds(note.changedAt, 60),
    changedAt: addSeconds(note.changedAt, 60),
  });
});

test("every visible update moves the time of the last one", async () => {
  const app = await client();
  const note = await publish(app);

  app.clock.advance(60);
  await update(app, note, { replace: { content: ["y"] } });
  app.clock.advance(60);
  const after = await update(app, note, { replace: { content: ["z"] } });

  expect(after.updatedAt).toBe(addSeconds(NOW, 120));
});

test("a published time is kept with its offset; without one it is meant in the author's zone", async () => {
  const app = await client();
  await changeSettings(app.ctx, { timeZone: "America/Los_Angeles" });
  const note = await publish(app);

  const zoned = await update(app, note, { replace: { published: ["2025-05-06T07:08:09.250+05:30"] } });
  const local = await update(app, note, { replace: { published: ["2025-05-06T07:08:09"] } });
  const day = await update(app, note, { replace: { published: ["2025-01-06"] } });

  expect(zoned).toMatchObject({ publishedAt: "2025-05-06T01:38:09.250Z", publishedOffset: 330 });
  expect(local).toMatchObject({ publishedAt: "2025-05-06T14:08:09.000Z", publishedOffset: undefined });
  expect(day).toMatchObject({ publishedAt: "2025-01-06T08:00:00.000Z", publishedOffset: undefined });
});

test("q=source gives times as the site shows them", async () => {
  const app = await client();
  await changeSettings(app.ctx, { timeZone: "America/Los_Angeles" });
  await publish(app);

  expect((await source(app, `${SITE_URL}/notes/mine`)).published).toEqual(["2026-03-01T01:30:00-08:00"]);
});

test("text that comes back for Markdown is Markdown, HTML is HTML, and plain text stays plain", async () => {
  const app = await client();
  const markdown = await publish(app, { content: "*one*" });
  const plain = await publish(app, { content: "one", contentFormat: "text", slug: "plain" });

  const edited = await update(app, markdown, { replace: { content: ["*two*"] } });
  const html = await update(app, markdown, { replace: { content: [{ html: "<b>three</b>" }] } });
  const typed = await update(app, plain, { replace: { content: ["*two*"] } });

  expect(edited).toMatchObject({ contentFormat: "markdown", content: "*two*" });
  expect(edited.contentHtml).toContain("<em>two</em>");
  expect(html).toMatchObject({ contentFormat: "html", content: "<b>three</b>" });
  expect(typed.contentHtml).toContain("*two*");
});

test("a hashtag goes when an update takes it out of the text, a category that was chosen stays", async () => {
  const app = await client();
  const note = await publish(app, { content: "x #sea", tags: ["Blue"] });

  const more = await update(app, note, { add: { category: ["Red"] } });
  const without = await update(app, note, { replace: { content: ["x"] } });

  expect(more.tags.map((tag) => tag.label)).toEqual(["Blue", "Red", "sea"]);
  expect(without.tags.map((tag) => tag.label)).toEqual(["Blue", "Red"]);
});

test("a second value for what has one is refused, and nothing changes", async () => {
  const app = await client();
  const note = await publish(app, { title: "One" });
  const url = `${SITE_URL}/notes/mine`;

  for (const add of [{ name: ["Two"] }, { content: ["y"] }, { published: ["2025-01-01"] }]) {
    await post(app).send({ action: "update", url, add }).expect(400);
  }
  await post(app)
    .send({ type: ["h-entry"], properties: { content: ["a", "b"] } })
    .expect(400);

  expect(findNote(app.ctx.db, note.id)).toEqual(note);
});

test.each([
  "2026-02-30",
  "2026-01-01T25:00:00Z",
  "2026-01-01T00:00:00+24:00",
  "2026-01-01T00:00:00+01:60",
  "9999-12-31T23:59:59-12:00",
])("the date %s is none", async (published) => {
  const app = await client();

  const answer = await post(app).send({ type: ["h-entry"], properties: { content: ["x"], published: [published] } });

  expect(answer.status).toBe(400);
});

test("values of a property are taken away by what they are, objects too, and the others stay", async () => {
  const app = await client();
  const photos = [{ value: "https://a.example/1.jpg", alt: "One" }, "https://a.example/2.jpg"];
  const note = await publish(app, { properties: { photo: photos, "x-list": [1, { a: [1] }, "b"] } });

  const after = await update(app, note, {
    delete: { photo: [{ alt: "One", value: "https://a.example/1.jpg" }], "x-list": [{ a: [1] }, 1] },
  });

  expect(after.properties).toEqual({ photo: ["https://a.example/2.jpg"], "x-list": ["b"] });
  expect(after.contentHtml).not.toContain("1.jpg");
  expect(after.contentHtml).toContain("2.jpg");
});

test("names of the request and commands never become properties of the note", async () => {
  const app = await client();
  const note = await publish(app);

  const after = await update(app, note, {
    replace: { access_token: ["secret"], h: ["entry"], action: ["x"], "mp-slug": ["other"], "mp-channel": ["y"] },
    add: { access_token: ["secret"], "mp-x": ["y"], fine: ["z"] },
  });

  expect(after).toMatchObject({ slug: "other", properties: { fine: ["z"] } });
  expect(JSON.stringify(app.ctx.db.all("SELECT * FROM note_revisions"))).not.toContain("secret");
});

test("a command beside the update counts too", async () => {
  const app = await client();
  const note = await publish(app);

  expect((await update(app, note, { replace: { content: ["y"] }, "mp-slug": "fresh" })).slug).toBe("fresh");
});

test("a client that knows a draft by its address can go on using it while the text changes", async () => {
  const app = await client();
  const created = await post(app).type("form").send({ content: "First words", "post-status": "draft" }).expect(201);
  const url = created.headers.location;

  await post(app)
    .send({ action: "update", url, replace: { content: ["Other words"] } })
    .expect(204);
  await post(app)
    .send({ action: "update", url, replace: { "post-status": ["published"] } })
    .expect(204);

  expect(findNoteBySlug(app.ctx.db, "first-words")).toMatchObject({ content: "Other words", status: "published" });
});

test("a draft with a date to come waits for it once it is published", async () => {
  const app = await client();
  const publishedAt = "2026-04-01T00:00:00.000Z" as Timestamp;
  const draft = await saveDraft(app.ctx, { content: "x", publishedAt }, ADMIN);

  const after = await update(app, draft, { replace: { "post-status": ["published"] } });
  const properties = await source(app, `${SITE_URL}/notes/${draft.slug}`);

  expect(after).toMatchObject({ status: "scheduled", publishedAt });
  expect(properties["post-status"]).toEqual(["published"]);
});

test("post-status=draft takes a published note back", async () => {
  const app = await client();
  const note = await publish(app);

  expect(await update(app, note, { replace: { "post-status": ["draft"] } })).toMatchObject({
    status: "draft",
    publishedAt: NOW,
  });
});

test("a token that may draft and update, but not create, publishes nothing", async () => {
  const app = await client("draft update");
  const draft = await saveDraft(app.ctx, { content: "x", slug: "mine" }, ADMIN);
  const url = `${SITE_URL}/notes/mine`;

  const answer = await post(app).send({ action: "update", url, replace: { "post-status": ["published"] } });

  expect(answer.status).toBe(401);
  expect(answer.body.error).toBe("insufficient_scope");
  expect(findNote(app.ctx.db, draft.id)?.status).toBe("draft");
});

test("twenty updates at once all count, none is lost and none fails", async () => {
  const app = await client();
  const note = await publish(app);
  const labels = Array.from({ length: 20 }, (_, index) => `tag${index}`);

  await Promise.all(labels.map((label) => update(app, note, { add: { category: [label] } })));

  const after = findNote(app.ctx.db, note.id);
  expect(after?.tags.map((tag) => tag.label).sort()).toEqual(labels.sort());
  expect(after?.version).toBe(21);
});

test("a photo that came along has an absolute address for clients, and can be sent back as such", async () => {
  const app = await client();
  const created = await post(app)
    .field("content", "With a photo")
    .field("mp-photo-alt", "A blue square")
    .attach("photo", await picture(40, 30).jpeg().toBuffer(), "blue.jpg")
    .expect(201);
  const url = created.headers.location ?? "";
  const stored = findNoteBySlug(app.ctx.db, "with-a-photo");

  const [photo] = (await source(app, url)).photo ?? [];
  await post(app)
    .send({ action: "update", url, replace: { photo: [photo] } })
    .expect(204);

  expect(photo).toEqual({ value: expect.stringMatching(new RegExp(`^${SITE_URL}/media/`, "u")), alt: "A blue square" });
  const after = findNoteBySlug(app.ctx.db, "with-a-photo");
  expect(after?.properties).toEqual(stored?.properties);
  expect(after?.contentHtml).toMatch(/<img class="u-photo" src="\/media\/[^"]+" alt="A blue square"/u);
  expect(app.ctx.db.all("SELECT * FROM remote_images")).toEqual([]);
});

test("an image of this site is shown from here, whichever way its address is written", async () => {
  const app = await client();
  const created = await post(app)
    .attach("photo", await picture(40, 30).jpeg().toBuffer(), "blue.jpg")
    .expect(201);
  const page = await app.http.get(new URL(created.headers.location ?? "").pathname).expect(200);
  const path = query(page.text, "img.u-photo")?.attributes.src ?? "";

  const note = await publishNote(app.ctx, { content: `![Blue](${SITE_URL}${path})` }, ADMIN);

  expect(note.contentHtml).toContain(`<img class="u-photo" src="${path}"`);
  expect(note.contentHtml).toMatch(/width="\d+"/u);
  expect(app.ctx.db.all("SELECT * FROM jobs")).toEqual([]);
});

test.each(["video", "audio[]"])("a file sent as %s that is none is refused with the reason", async (name) => {
  const app = await client();

  const answer = await post(app).field("content", "x").attach(name, Buffer.from("x"), "x.mp4");

  expect([answer.status, answer.body.error_description]).toEqual([400, expect.stringContaining("not known here")]);
  expect(app.ctx.db.get("SELECT count(*) AS count FROM notes")).toEqual({ count: 0 });
});

test("the kind of a note follows its properties, and an event says that it is one", async () => {
  const app = await client();
  const note = await publish(app);
  const created = await post(app)
    .send({ type: ["h-event"], properties: { name: ["Party"], start: ["2026-05-01"] } })
    .expect(201);

  const reply = await update(app, note, { add: { "in-reply-to": ["https://other.example/"] } });
  const plain = await update(app, note, { delete: ["in-reply-to"] });
  const event = await app.http
    .get(`/micropub?q=source&url=${encodeURIComponent(created.headers.location ?? "")}`)
    .set("Authorization", `Bearer ${app.token}`);

  expect([reply.kind, plain.kind]).toEqual(["reply", "note"]);
  expect(event.body.type).toEqual(["h-event"]);
});

test("front matter that is called as a property of ours neither shows nor gets lost", async () => {
  const app = await client();
  const properties = { category: [5], published: ["never"], description: ["Mine"] };
  const note = await publish(app, { properties });

  const after = await update(app, note, { add: { category: ["a"] } });
  const shown = await source(app, `${SITE_URL}/notes/mine`);

  expect(after.properties).toEqual(properties);
  expect(shown).toMatchObject({ category: ["a"], description: ["Mine"] });
});

test("a note in the trash can be read by its source and brought back, not updated; an erased one is unknown", async () => {
  const app = await client();
  const draft = await saveDraft(app.ctx, { content: "x", slug: "mine" }, ADMIN);
  const url = `${SITE_URL}/notes/mine`;
  await trashNote(app.ctx, draft.id, ADMIN);

  const properties = await source(app, url);
  await post(app)
    .send({ action: "update", url, replace: { content: ["y"] } })
    .expect(400);
  await post(app).send({ action: "undelete", url }).expect(204);
  await post(app).send({ action: "undelete", url }).expect(204);
  const restored = findNote(app.ctx.db, draft.id);
  await eraseNote(app.ctx, draft.id);

  expect(properties["post-status"]).toEqual(["draft"]);
  expect(restored).toMatchObject({ status: "draft", content: "x", version: 3 });
  for (const action of ["delete", "undelete"]) await post(app).send({ action, url }).expect(400);
});

test("a request brings as many photos as the limit, and one more is refused", async () => {
  const app = await client();
  const photo = await picture(4, 3).png().toBuffer();
  const upload = (count: number) => {
    const request = post(app).field("content", "x");
    for (let index = 0; index < count; index += 1) request.attach("photo[]", photo, `${index}.png`);
    return request;
  };

  expect((await upload(MAX_MICROPUB_FILES)).status).toBe(201);
  expect((await upload(MAX_MICROPUB_FILES + 1)).status).toBe(413);
  expect(app.ctx.db.get("SELECT count(*) AS count FROM notes")).toEqual({ count: 1 });
});
