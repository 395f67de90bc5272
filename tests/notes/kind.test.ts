import { describe, expect, test } from "vitest";
import { citedUrl, listCited, MAX_CITED, MAX_CITED_URL_LENGTH } from "../../src/notes/cited.ts";
import type { KindFacts } from "../../src/notes/kind.ts";
import { discoverKind, readRsvp, settleKind } from "../../src/notes/kind.ts";
import type { NoteKind, Properties } from "../../src/notes/note.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { restoreRevision, reviseNote } from "../../src/notes/revise.ts";
import { testContext } from "../support/context.ts";

const URL_A = "https://a.example/post";
const origin = { madeBy: "admin" };

function facts(given: Partial<KindFacts> = {}): KindFacts {
  return { title: undefined, contentText: "Text", contentHtml: "<p>Text</p>", properties: {}, ...given };
}

describe("post-type discovery", () => {
  test.each<[NoteKind, Properties]>([
    ["rsvp", { rsvp: ["yes"], "in-reply-to": [URL_A] }],
    ["rsvp", { rsvp: [" Interested "] }],
    ["reply", { rsvp: ["perhaps"], "in-reply-to": [URL_A] }],
    ["reply", { "in-reply-to": [URL_A], "repost-of": [URL_A], "like-of": [URL_A], photo: ["/media/a.jpg"] }],
    ["reply", { "in-reply-to": [{ type: ["h-cite"], properties: { url: [URL_A], name: ["A"] } }] }],
    ["reply", { "in-reply-to": ["not an address", URL_A] }],
    ["repost", { "repost-of": [URL_A], "like-of": [URL_A], photo: ["/media/a.jpg"] }],
    ["like", { "like-of": [URL_A], photo: ["/media/a.jpg"] }],
    ["like", { "in-reply-to": ["javascript:alert(1)"], "like-of": [URL_A] }],
    ["bookmark", { "bookmark-of": [URL_A] }],
    ["checkin", { checkin: [{ type: ["h-card"] }] }],
    ["video", { video: ["https://a.example/v.mp4"], photo: ["/media/a.jpg"] }],
    ["audio", { audio: ["https://a.example/a.mp3"] }],
    ["photo", { photo: [{ value: "/media/a.jpg", alt: "A" }] }],
    ["note", { photo: [""], video: [7] }],
    ["note", { "like-of": ["/notes/here"] }],
    ["note", {}],
  ])("%s of %j", (kind, properties) => {
    expect(discoverKind(facts({ properties }))).toBe(kind);
  });

  test.each<[NoteKind, string, Partial<KindFacts>]>([
    ["article", "has a title and a text", { title: "A title" }],
    ["note", "has a title that is the beginning of its text", { title: "A  long", contentText: "A long\n story" }],
    ["note", "has a title alone", { title: "A title", contentText: " " }],
    ["article", "has a title and a summary", { title: "A title", contentText: "", properties: { summary: ["Short"] } }],
    ["photo", "has a title and a photo", { title: "A title", properties: { photo: ["/media/a.jpg"] } }],
  ])("is %s where it %s", (kind, _, given) => {
    expect(discoverKind(facts(given))).toBe(kind);
  });

  test("an h-event is an event, whatever it has", () => {
    expect(discoverKind(facts({ properties: { "in-reply-to": [URL_A] } }), "event")).toBe("event");
  });
});

describe("a kind that was chosen", () => {
  test.each<[NoteKind, NoteKind, Partial<KindFacts>]>([
    ["bookmark", "bookmark", { properties: { "bookmark-of": [URL_A], "like-of": [URL_A] } }],
    ["bookmark", "like", { properties: { "like-of": [URL_A] } }],
    ["article", "note", {}],
    ["note", "note", { title: "A title" }],
    ["photo", "photo", { contentHtml: '<p><img src="/media/a.jpg" alt=""></p>' }],
    ["photo", "note", {}],
    ["rsvp", "reply", { properties: { "in-reply-to": [URL_A] } }],
    ["event", "event", {}],
    ["page", "page", { title: "About" }],
  ])("%s becomes %s", (chosen, kind, given) => {
    expect(settleKind(facts(given), { chosen })).toBe(kind);
  });

  test("stays with later saves as long as it is possible", async () => {
    const { ctx } = await testContext();
    const properties = { "bookmark-of": [URL_A], "like-of": [URL_A] };
    const { id } = await publishNote(ctx, { content: "x", kind: "bookmark", properties }, origin);

    const revised = await reviseNote(ctx, id, { content: "y", origin });
    const without = await reviseNote(ctx, id, { properties: { "like-of": [URL_A] }, origin });

    expect([revised.kind, without.kind]).toEqual(["bookmark", "like"]);
  });
});

test("a kind that the properties explain follows them, and comes back with a revision", async () => {
  const { ctx } = await testContext();
  const { id, kind } = await publishNote(ctx, { content: "x", properties: { "like-of": [URL_A] } }, origin);

  const titled = await reviseNote(ctx, id, { title: "Title", properties: {}, origin });
  const plain = await reviseNote(ctx, id, { title: "", origin });
  const restored = await restoreRevision(ctx, id, { version: 1, origin });

  expect([kind, titled.kind, plain.kind, restored.kind]).toEqual(["like", "article", "note", "like"]);
});

describe("the pages that a note is about", () => {
  const ofLength = (length: number) => `https://a.example/${"x".repeat(length - 18)}`;

  test("an address may have MAX_CITED_URL_LENGTH characters, and not one more", () => {
    expect(citedUrl(ofLength(MAX_CITED_URL_LENGTH))).toHaveLength(MAX_CITED_URL_LENGTH);
    expect(citedUrl(ofLength(MAX_CITED_URL_LENGTH + 1))).toBeUndefined();
  });

  test("are at most MAX_CITED, each once a property", () => {
    const urls = Array.from({ length: MAX_CITED + 1 }, (_, number) => `https://a.example/${number}`);

    expect(listCited({ "like-of": [...urls.slice(0, MAX_CITED), URL_A] })).toHaveLength(MAX_CITED);
    expect(listCited({ "like-of": [URL_A, URL_A], "in-reply-to": [URL_A] })).toEqual([
      { property: "in-reply-to", url: URL_A },
      { property: "like-of", url: URL_A },
    ]);
  });

  test("are none where a property is no list, or holds what is no address", () => {
    const properties = {
      "like-of": URL_A,
      "in-reply-to": [null, 7, {}, { value: "mailto:a@b.example" }, "//a.example"],
    };

    expect(listCited(properties as unknown as Properties)).toEqual([]);
    expect(readRsvp({ rsvp: [{}] })).toBeUndefined();
  });
});
