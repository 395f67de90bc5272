import { mf2 } from "microformats-parser";
import { expect, test } from "vitest";
import { createToken } from "../../src/auth/tokens.ts";
import { listJobs } from "../../src/jobs/job-store.ts";
import { fetchCitation } from "../../src/notes/fetch-citation.ts";
import { findNoteBySlug } from "../../src/notes/note-store.ts";
import type { TestApp } from "../support/app.ts";
import { SITE_URL, testApp } from "../support/app.ts";
import { createAuthor } from "../support/author.ts";
import { elsewhere, POST_HTML, POST_URL } from "../support/elsewhere.ts";

async function client() {
  const app = await testApp({ fetch: elsewhere({ [POST_URL]: POST_HTML }).fetch });
  await createAuthor(app.ctx);
  const { token } = await createToken(app.ctx, { scope: "create update", clientId: "https://app.example/" });
  return { ...app, token };
}

type Client = TestApp & { readonly token: string };

const post = ({ http, token }: Client) => http.post("/micropub").set("Authorization", `Bearer ${token}`);

function noteAt({ ctx }: Client, location: string | undefined) {
  const note = findNoteBySlug(ctx.db, decodeURIComponent(location?.split("/").at(-1) ?? ""));
  if (note === undefined) throw new Error("no note");
  return note;
}

test.each<[string, Record<string, string>]>([
  ["like", { "like-of": POST_URL }],
  ["repost", { "repost-of": POST_URL }],
  ["bookmark", { "bookmark-of": POST_URL, name: "Engines" }],
  ["reply", { "in-reply-to": POST_URL, content: "Yes" }],
  ["rsvp", { "in-reply-to": POST_URL, rsvp: "yes" }],
  ["event", { h: "event", name: "Club", start: "2026-07-01T19:00:00+02:00" }],
  ["bookmark", { "like-of": POST_URL, "bookmark-of": POST_URL, "mp-post-type": "bookmark" }],
  ["like", { "like-of": POST_URL, "mp-post-type": "reply" }],
  ["note", { "like-of": "not an address", content: "x" }],
])("a form makes a %s of %j, which has its markup and is a post of that kind", async (kind, fields) => {
  const app = await client();

  const answer = await post(app).type("form").send(fields).expect(201);

  const note = noteAt(app, answer.headers.location);
  expect(note.kind).toBe(kind);
  const page = await app.http.get(`/notes/${note.slug}`).expect(200);
  const [item] = mf2(page.text, { baseUrl: `${SITE_URL}/` }).items;
  expect(item?.type).toEqual([kind === "event" ? "h-event" : "h-entry"]);
  for (const name of ["like-of", "repost-of", "bookmark-of", "in-reply-to"]) {
    const isShown = fields[name] === POST_URL;
    expect(item?.properties[name]).toEqual(isShown ? [POST_URL] : undefined);
  }
  expect(listJobs(app.ctx.db, "notes.fetch_citation", 9)).toHaveLength(
    Object.values(fields).includes(POST_URL) ? 1 : 0,
  );
});

test("a reply whose page is sent as an h-cite is about its address, and comes back whole", async () => {
  const app = await client();
  const cite = { type: ["h-cite"], properties: { url: [POST_URL], name: ["Engines"] } };

  const answer = await post(app)
    .send({ type: ["h-entry"], properties: { content: ["Yes"], "in-reply-to": [cite] } })
    .expect(201);
  await fetchCitation(app.ctx, { url: POST_URL, isLastAttempt: true });

  const { slug } = noteAt(app, answer.headers.location);
  const [item] = mf2((await app.http.get(`/notes/${slug}`)).text, { baseUrl: `${SITE_URL}/` }).items;
  expect(item?.properties["in-reply-to"]).toMatchObject([{ properties: { name: ["On analytical engines"] } }]);
  const source = await app.http
    .get(`/micropub?q=source&url=${answer.headers.location}`)
    .set("Authorization", `Bearer ${app.token}`);
  expect(source.body.properties["in-reply-to"]).toEqual([cite]);
});

test("an update makes a like a bookmark, and a note of what loses its page; its kind can be named too", async () => {
  const app = await client();
  const { headers } = await post(app).type("form").send({ "like-of": POST_URL, content: "x" }).expect(201);
  const url = headers.location;
  const update = (changes: object) => post(app).send({ action: "update", url, ...changes });
  const kind = () => noteAt(app, url).kind;

  await update({ delete: ["like-of"], add: { "bookmark-of": [POST_URL] } }).expect(204);
  expect(kind()).toBe("bookmark");
  await update({ delete: ["bookmark-of"] }).expect(204);
  expect(kind()).toBe("note");
  await update({ replace: { name: ["Club"] }, "mp-post-type": ["event"] }).expect(204);
  expect(kind()).toBe("event");
});
