import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe looks for: everything once, then what else depends on the colours. */
export const AXE_RULES = {
  light: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  dark: ["color-contrast", "link-in-text-block"],
} as const;

/** What axe finds against rules, or against all rules with certain tags, in the page as it is now. */
export async function violations(page: Page, rules: readonly string[]) {
  // Our policy forbids a script element, so the source is evaluated.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  const results = (await page.evaluate(
    (rules) =>
      (window as unknown as { axe: typeof import("axe-core") }).axe.run({
        runOnly: rules,
        resultTypes: ["violations"],
        preload: false,
      }),
    [...rules],
  )) as AxeResults;
  return results.violations.map(({ id, help, nodes }) => ({
    id,
    help,
    nodes: nodes.slice(0, 3).map((node) => `${node.html.slice(0, 150)} ${node.failureSummary ?? ""}`),
  }));
}

/** Elements that make the page scroll sideways, or that stand where no scrolling leads; boxes that scroll are fine. */
export function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const isWide = (document.scrollingElement?.scrollWidth ?? 0) > width;
    return [...document.querySelectorAll("body *")]
      .filter((element) => {
        const { left, right, width: own } = element.getBoundingClientRect();
        const isUnreachable =
          left < 0 && own > 1 && element.checkVisibility() && !element.closest("pre, .table-scroll");
        return isUnreachable || (isWide && right > width);
      })
      .map((element) => `${element.tagName}.${element.className}`)
      .slice(-3);
  });
}

/** Spaces the letters, words and lines of the page as WCAG 1.4.12 lets readers do. */
export function spaceLetters(page: Page): Promise<void> {
  return page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    const spacing = "line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important";
    sheet.replaceSync(`* { ${spacing} } p { margin-block-end: 2em !important }`);
    document.adoptedStyleSheets = [sheet];
  });
}

/** Text that is cut off because its box is too small and does not scroll. */
export function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const mayCut = ".sr-only, .skip, .brand span, .row-summary, .row-label a, .search label, .paper label";
    return [...document.querySelectorAll("body *")]
      .filter((element) => element.checkVisibility() && element.matches(":not(input, select, textarea, option)"))
      .filter((element) => {
        const { overflowX, overflowY } = getComputedStyle(element);
        const isCut =
          (overflowX !== "visible" && overflowX !== "auto" && element.scrollWidth > element.clientWidth + 1) ||
          (overflowY !== "visible" && overflowY !== "auto" && element.scrollHeight > element.clientHeight + 1);
        return isCut && !element.matches(mayCut);
      })
      .map((element) => element.outerHTML.slice(0, 120));
  });
}

/** What is wrong with the frame of a page: one heading of the first level, landmarks, a language, a title, a way past the head. */
export function brokenFrame(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const count = (selector: string) => document.querySelectorAll(selector).length;
    const rules = {
      "one h1": count("h1") === 1,
      "one main": count("main") === 1,
      "one header of the page": count("body > header") === 1,
      "a link past the head comes first": document.body.firstElementChild?.matches("a[href='#main']") === true,
      "a language": document.documentElement.lang !== "",
      "a title": document.title.trim() !== "",
      "navigation has names": count("nav") === count("nav[aria-label]"),
    };
    return Object.entries(rules).flatMap(([rule, holds]) => (holds ? [] : [`not there: ${rule}`]));
  });
}

/** One stop of the keyboard: what has the focus, whether that shows, and whether something lies on top of it. */
type Stop = {
  readonly index: number;
  readonly name: string;
  readonly isOutlined: boolean;
  readonly isCovered: boolean;
};

/** Presses in one element after which it is a trap: the parts of a player or of a date are fewer. */
const MAX_PRESSES = 12;

/**
 * Goes once around the page with the Tab key. Returns what is wrong: stops without an outline or wholly under something else (WCAG 2.4.11),
 * elements that hold the focus, and what a pointer can use but was never reached.
 */
export async function walkByKeyboard(page: Page): Promise<string[]> {
  const reachable = await page.evaluate(listFocusable);
  const presses = new Map<number, number>();
  const stops: Stop[] = [];
  for (;;) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(describeFocus);
    if (stop === undefined) continue; // Between the end of the page and its beginning lies the browser itself.
    const count = (presses.get(stop.index) ?? 0) + 1;
    presses.set(stop.index, count);
    if (count > MAX_PRESSES) return [`${stop.name} holds the focus`];
    if (count === 1) stops.push(stop);
    else if (stop.index === stops[0]?.index && stops.length > 1) break;
  }
  const missed = reachable.filter((_name, index) => !presses.has(index)).map((name) => `${name} was never reached`);
  return [...stops.flatMap(troubleAt), ...missed];
}

function troubleAt({ name, isOutlined, isCovered }: Stop): string[] {
  if (!isOutlined) return [`${name} does not show that it has the focus`];
  return isCovered ? [`${name} has the focus and is covered`] : [];
}

/** Numbers everything that a pointer can use, in the order of the document, and returns their names. Runs in the page. */
function listFocusable(): string[] {
  const usable = "a[href], button, input, select, textarea, summary, video, audio, [tabindex='0']";
  const elements = [...document.querySelectorAll<HTMLInputElement>(usable)].filter(
    (element) =>
      element.checkVisibility() &&
      !element.disabled &&
      // The keyboard stops once at a group of radio buttons and at a toolbar; the arrow keys lead through.
      !(element.type === "radio" && !element.checked) &&
      !element.matches("[role=toolbar] [tabindex='-1']"),
  );
  Object.assign(window, { stops: elements });
  return elements.map((element) => element.outerHTML.slice(0, 100));
}

function describeFocus(): Stop | undefined {
  const element = document.activeElement;
  if (element === null || element === document.body || element === document.documentElement) return undefined;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const isPlayer = element.matches("video, audio");
  const box = element.getClientRects()[0] ?? new DOMRect();
  const isSeen = [2, box.height / 2, box.height - 2].some((down) => {
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + down);
    return top !== null && (element.contains(top) || top.contains(element));
  });
  return {
    index: (window as unknown as { stops: Element[] }).stops.indexOf(element),
    name: element.outerHTML.slice(0, 100),
    isOutlined: isPlayer || (outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 1),
    isCovered: !isPlayer && !isSeen,
  };
}

/** Buttons, fields and entries of menus that are too small for a thumb: under 44 CSS pixels either way. */
export function tooSmall(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const targets = "button, .button, .shell a, .filters a, .pages a, select, textarea, input, summary, .row-label a";
    return (
      [...document.querySelectorAll(`:is(${targets}):not(.prose *)`)]
        .filter((element) => element.checkVisibility())
        // A box is pressed by its label, a note in a list anywhere in its row.
        .map((element) => element.closest(element.matches(".row-label a") ? ".row" : "label:has(input)") ?? element)
        .filter((element) => {
          const { width, height } = element.getBoundingClientRect();
          return width < 44 || height < 44;
        })
        .map((element) => element.outerHTML.slice(0, 120))
    );
  });
}
