import { expect, test } from "vitest";
import { changeSettings } from "../../src/site/change-settings.ts";
import type { Settings } from "../../src/site/settings.ts";
import { DEFAULT_SETTINGS } from "../../src/site/settings.ts";
import {
  checkSettings,
  MAX_BIO_LENGTH,
  MAX_DESCRIPTION_LENGTH,
  MAX_FOOTER_LENGTH,
  MAX_ITEMS_PER_PAGE,
  MAX_LINK_LENGTH,
  MAX_LINKS,
  MAX_NAME_LENGTH,
  parseSettings,
} from "../../src/site/settings-input.ts";
import { readSettings } from "../../src/site/settings-store.ts";
import { NOW, testContext } from "../support/context.ts";

const LONG_LINK = `https://a.example/${"x".repeat(MAX_LINK_LENGTH - 18)}`;
const links = (count: number) => Array.from({ length: count }, (_, index) => `https://a.example/${index}`).join("\n");

test("a fresh site has the defaults", async () => {
  const { ctx } = await testContext();

  expect(readSettings(ctx.db)).toEqual(DEFAULT_SETTINGS);
});

test("changed settings are read back with their types, the others keep their defaults", async () => {
  const { ctx } = await testContext();

  await changeSettings(ctx, { siteTitle: "Ada writes", itemsPerPage: "7", authorLinks: "https://a.example/me" });

  const changed = { siteTitle: "Ada writes", itemsPerPage: 7, authorLinks: ["https://a.example/me"] };
  expect(readSettings(ctx.db)).toEqual({ ...DEFAULT_SETTINGS, ...changed });
});

test("one setting that breaks a rule keeps all of them from being changed", async () => {
  const { ctx } = await testContext();

  const refusal = changeSettings(ctx, { siteTitle: "Ada writes", itemsPerPage: "0" });

  await expect(refusal).rejects.toMatchObject({ code: "invalid", field: "itemsPerPage" });
  expect(readSettings(ctx.db).siteTitle).toBe(DEFAULT_SETTINGS.siteTitle);
});

test("a change makes every page stale, and none when the value was there already", async () => {
  const { ctx, clock } = await testContext();
  const newest = () =>
    ctx.db.get<{ revision: number }>("SELECT max(revision) AS revision FROM public_changes WHERE key = 'site'");
  await changeSettings(ctx, { siteTitle: "Ada writes" });
  const before = newest()?.revision ?? 0;

  clock.advance(60);
  await changeSettings(ctx, { siteTitle: "Ada writes" });
  expect(newest()?.revision).toBe(before);
  expect(ctx.db.get("SELECT changed_at FROM settings WHERE name = 'siteTitle'")).toEqual({ changed_at: NOW });

  await changeSettings(ctx, { siteTitle: "Ada writes on" });
  expect(newest()?.revision).toBeGreaterThan(before);
});

test("a row that no setting knows, of a later release perhaps, is passed over", async () => {
  const { ctx } = await testContext();

  await ctx.db.write(() =>
    ctx.db.run("INSERT INTO settings (name, value, changed_at) VALUES ('weather', '\"neon\"', 'now')"),
  );

  expect(readSettings(ctx.db)).toEqual(DEFAULT_SETTINGS);
});

test.each<[keyof Settings, unknown, unknown]>([
  ["siteTitle", "é".repeat(MAX_NAME_LENGTH), "é".repeat(MAX_NAME_LENGTH)],
  ["siteTitle", "  Two\n lines ", "Two lines"],
  ["siteTitle", "bell\u0007", "bell"],
  ["siteDescription", "x".repeat(MAX_DESCRIPTION_LENGTH), "x".repeat(MAX_DESCRIPTION_LENGTH)],
  ["siteDescription", "", ""],
  ["authorName", "🦊".repeat(MAX_NAME_LENGTH), "🦊".repeat(MAX_NAME_LENGTH)],
  ["authorBio", "one\r\ntwo", "one\ntwo"],
  ["authorBio", "x".repeat(MAX_BIO_LENGTH), "x".repeat(MAX_BIO_LENGTH)],
  ["footerText", "x".repeat(MAX_FOOTER_LENGTH), "x".repeat(MAX_FOOTER_LENGTH)],
  ["authorLinks", "https://a.example/me\n\n http://b.example \n", ["https://a.example/me", "http://b.example/"]],
  ["authorLinks", ["https://a.example/", "https://A.example"], ["https://a.example/"]],
  ["authorLinks", "", []],
  ["authorLinks", links(MAX_LINKS), links(MAX_LINKS).split("\n")],
  ["authorLinks", LONG_LINK, [LONG_LINK]],
  ["timeZone", "Europe/Berlin", "Europe/Berlin"],
  ["timeZone", "europe/berlin", "Europe/Berlin"],
  ["timeZone", "UTC", "UTC"],
  ["language", "pt-br", "pt-BR"],
  ["language", "zh-hant-tw", "zh-Hant-TW"],
  ["itemsPerPage", "1", 1],
  ["itemsPerPage", MAX_ITEMS_PER_PAGE, MAX_ITEMS_PER_PAGE],
  ["colourScheme", "dark", "dark"],
  ["remoteImages", "link", "link"],
  ["siteIcon", "", ""],
  ["authorPhoto", `${"a".repeat(22)}.jpg`, `${"a".repeat(22)}.jpg`],
])("%s may be %j", (name, value, parsed) => {
  expect(parseSettings({ [name]: value })).toEqual({ [name]: parsed });
});

test.each<[keyof Settings, unknown, RegExp]>([
  ["siteTitle", "x".repeat(MAX_NAME_LENGTH + 1), /201 characters long; shorten it to 200/],
  ["siteTitle", "  ", /1 to 200 characters/],
  ["authorName", "", /1 to 200 characters/],
  ["authorName", ["Ada"], /1 to 200 characters/],
  ["siteDescription", "x".repeat(MAX_DESCRIPTION_LENGTH + 1), /shorten it to 500/],
  ["authorBio", "x".repeat(MAX_BIO_LENGTH + 1), /shorten it to 2,000/],
  ["footerText", "x".repeat(MAX_FOOTER_LENGTH + 1), /shorten it to 1,000/],
  ["authorLinks", links(MAX_LINKS + 1), /21 links; keep 20 or fewer/],
  ["authorLinks", `${LONG_LINK}x`, /longer than 2,048 characters/],
  ["authorLinks", "javascript:alert(1)", /no web address/],
  ["authorLinks", "https://ada:secret@a.example/", /no web address/],
  ["authorLinks", "a.example", /no web address/],
  ["timeZone", "Europe/Atlantis", /no time zone/],
  ["timeZone", "+02:00", /no time zone/],
  ["language", "", /no language tag/],
  ["language", "english please", /no language tag/],
  ["language", `en-x-${"abcdefgh-".repeat(4)}`.slice(0, -1), /at most 35 characters/],
  ["itemsPerPage", "0", /1 to 100 notes/],
  ["itemsPerPage", String(MAX_ITEMS_PER_PAGE + 1), /1 to 100 notes/],
  ["itemsPerPage", "1.5", /whole number/],
  ["itemsPerPage", "", /whole number/],
  ["colourScheme", "neon", /Choose one of system, light, dark/],
  ["remoteImages", "", /Choose one of copy, link, load/],
  ["siteIcon", "../../etc/passwd", /no uploaded image/],
  ["authorPhoto", "https://a.example/me.jpg", /no uploaded image/],
])("%s may not be %j", (name, value, sentence) => {
  expect(() => parseSettings({ [name]: value })).toThrow(sentence);
});

test("every problem is said at once, and what is right is read all the same", () => {
  const { settings, problems } = checkSettings({ siteTitle: "", timeZone: "Nowhere", language: "de" });

  expect(settings).toEqual({ language: "de" });
  expect(Object.keys(problems)).toEqual(["siteTitle", "timeZone"]);
});
