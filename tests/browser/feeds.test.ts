import { afterAll, expect, test } from "vitest";
import { toXmlCharacters } from "../../src/lib/xml.ts";
import { openPage, startChromium } from "../support/chromium.ts";
import { HOSTILE_PIECES } from "../support/hostile-text.ts";
import { feedNote, feedSource, writeFeed } from "../support/read-feed.ts";

const browser = await startChromium();

afterAll(() => browser.close());

// Each piece alone, and all of them together.
const texts = [...HOSTILE_PIECES, HOSTILE_PIECES.join(""), [...HOSTILE_PIECES].reverse().join(" ")];

test.each([
  ["xml", "item", "encoded"],
  ["atom", "entry", "content"],
] as const)(
  "the XML parser of a browser reads every hostile text back from /feed.%s",
  async (format, itemName, contentName) => {
    const notes = texts.map((text) =>
      feedNote({ title: text, contentHtml: text.replace(/</g, "&lt;"), tags: [{ name: "tag", label: text }] }),
    );
    const source = writeFeed(feedSource(notes, { format }));
    const { page } = await openPage(browser);

    const read = await page.evaluate(
      ([text, item, content]) => {
        const parsed = new DOMParser().parseFromString(text, "application/xml");
        const error = parsed.querySelector("parsererror")?.textContent ?? "";
        const textOf = (element: Element, name: string) =>
          element.getElementsByTagNameNS("*", name)[0]?.textContent ?? "";
        const items = [...parsed.querySelectorAll(item)];
        return { error, items: items.map((element) => [textOf(element, "title"), textOf(element, content)]) };
      },
      [source, itemName, contentName] as const,
    );
    await page.context().close();

    expect(read.error).toBe("");
    expect(read.items).toEqual(
      texts.map((text) => [toXmlCharacters(text), toXmlCharacters(text.replace(/</g, "&lt;"))]),
    );
  },
);
