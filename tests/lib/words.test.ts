import { expect, test } from "vitest";
import { findCatalogue, wordsLanguage } from "../../src/lib/catalogue.ts";
import { AppError, invalid, throttled } from "../../src/lib/errors.ts";
import { rich } from "../../src/lib/rich-words.ts";
import { storedWords } from "../../src/lib/stored-words.ts";
import type { Words } from "../../src/lib/words.ts";
import { counted, inWords, said, t, tn } from "../../src/lib/words.ts";

function inGerman(make: () => Words, language = "de"): string {
  return inWords(findCatalogue(language), () => make().toString());
}

test("a sentence is English, and German where the page is", () => {
  expect([t("Older notes"), inGerman(() => t("Older notes"))]).toEqual(["Older notes", "Ältere Notizen"]);
  expect(inGerman(() => t("Nobody translated {this}", { this: "that" }))).toBe("Nobody translated that");
});

test("what an error says is English as its message, and keeps its values for the page", () => {
  const error = throttled("tries", 180);

  expect(error.message).toBe("There were too many tries. Wait 3 minutes, then try again.");
  expect(inGerman(() => error.said)).toBe(
    "Das waren zu viele Versuche. Bitte 3 Minuten warten und es dann erneut versuchen.",
  );
  expect(inGerman(() => throttled("tries", 60).said)).toContain("Bitte eine Minute warten");
});

test("a message of code is known by its English with numbered values", () => {
  const message = said`${"Ada"} has ${1234} notes; ${said`Not found`}.`;

  expect(message.id).toBe("{0} has {1} notes; {2}.");
  expect(`${message}`).toBe("Ada has 1,234 notes; Not found.");
  expect(inGerman(() => message)).toBe("Ada has 1.234 notes; Nicht gefunden.");
  expect(JSON.stringify({ message })).toBe('{"message":"Ada has 1,234 notes; Not found."}');
  expect(invalid("field", message)).toMatchObject({ message: "Ada has 1,234 notes; Not found.", said: message });
});

test("a sentence that was stored in English is German where it is known, whatever its numbers", () => {
  const known = storedWords("The server answered 503.");

  expect([known.toString(), inGerman(() => known)]).toEqual(["The server answered 503.", "Der Server antwortete 503."]);
  expect(inGerman(() => storedWords("Nobody knows 1,234 of {0}."))).toBe("Nobody knows 1,234 of {0}.");
});

test("what a value brings is not looked through again", () => {
  expect(t("{a} and {b}", { a: "{b}", b: "$&" })).toBe("{b} and $&");
  expect(t("{none} {toString}", { a: "x" })).toBe("{none} {toString}");
});

test.each([
  [1, "1 thing"],
  [0, "0 things"],
  [2, "2 things"],
  [1234567, "1,234,567 things"],
  [-1234.5678, "-1,234.5678 things"],
])("English counts %d as %s", (count, expected) => {
  expect(tn("{count} thing", "{count} things", { count })).toBe(expected);
  expect(counted("{count} thing", "{count} things", { count }).toString()).toBe(expected);
});

test("a count has the form and the figures of its language", () => {
  const shown = (count: number) => inGerman(() => tn("a second", "{count} seconds", { count }));

  expect([shown(1), shown(0), shown(1234)]).toEqual(["eine Sekunde", "0 Sekunden", "1.234 Sekunden"]);
});

test("markup of a sentence is its own, and that of its values is text", () => {
  const html = rich("<a>{who}</a> <code>x</code> <script>{who}</script> <a2>y</a2> & co", {
    who: "<b>",
    a: { href: `/"><script>` },
    a2: { href: "/2", lang: "en" },
  });

  expect(html).toBe(
    '<a href="/&quot;&gt;&lt;script&gt;">&lt;b&gt;</a> <code>x</code> &lt;script&gt;&lt;b&gt;&lt;/script&gt; ' +
      '<a href="/2" lang="en">y</a> &amp; co',
  );
  expect(inGerman(() => rich("Request <code>{id}</code>", { id: "&" }))).toBe("Anfrage <code>&amp;</code>");
});

test("words within words are in their own language, also after a failure", () => {
  const nested = inGerman(() => {
    expect(() => inWords(undefined, () => invalid("x", t("Not found")).message && fail())).toThrow(AppError);
    return `${inWords(undefined, () => t("Not found"))} ${t("Not found")}`;
  });

  expect([nested, t("Not found")]).toEqual(["Not found Nicht gefunden", "Not found"]);
});

function fail(): never {
  throw invalid("x", "x");
}

test.each([
  ["de", "de"],
  ["de-AT", "de-AT"],
  ["en-GB", "en-GB"],
  ["fr", "en"],
  ["x-private", "en"],
  ["../de", "en"],
])("pages in %s have words in %s", (language, expected) => {
  expect(wordsLanguage(language)).toBe(expected);
});
