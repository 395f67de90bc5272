import { isDeepStrictEqual } from "node:util";
import type { Context } from "../context/context.ts";
import type { Timestamp } from "../lib/clock.ts";
import { invalid } from "../lib/errors.ts";
import { tagName } from "../lib/tag-name.ts";
import { paths } from "../lib/urls.ts";
import { said } from "../lib/words.ts";
import type { RedirectRule } from "../redirects/redirect.ts";
import { MAX_REDIRECTS, targetPath } from "../redirects/redirect.ts";
import { insertRedirect, listRedirects, removeRedirectFrom } from "../redirects/redirect-store.ts";
import { writeSettings } from "../site/change-settings.ts";
import type { NavigationEntry } from "../site/navigation.ts";
import { MAX_ENTRY_LABEL_LENGTH } from "../site/navigation.ts";
import { readSettings } from "../site/settings-store.ts";
import { findSection, removeSection, writeSection } from "./section-store.ts";
import type { TagOrder, TagTrace } from "./tag-act.ts";
import { findUsedTag } from "./tag-store.ts";

type LeadContext = Pick<Context, "db">;

/**
 * Has the addresses of tags lead to the one that stands for them, page and feeds, and takes section and menu along. Runs
 * inside a write. Returns what was there before. Throws `invalid` where no redirect has room any more.
 */
export function leadTags(ctx: LeadContext, order: TagOrder, now: Timestamp): TagTrace {
  const target = order.target === undefined ? undefined : tagName(order.target);
  const leaving = order.sources.filter((name) => name !== target);
  return {
    redirects: leaving.length === 0 ? [] : moveRedirects(ctx, { leaving, target }, now),
    sections: leaving.length === 0 ? [] : moveSections(ctx, { leaving, target }, now),
    menu: moveMenu(ctx, order, now),
  };
}

/** Puts redirects, sections and menu back. What the author changed since in the menu stays. Runs inside a write. */
export function leadBack({ db }: LeadContext, trace: TagTrace, now: Timestamp): void {
  for (const { source, before } of trace.redirects) {
    removeRedirectFrom(db, source);
    if (before !== null) insertRedirect(db, { ...before, target: before.target ?? undefined }, now);
  }
  for (const { tag, before } of trace.sections) {
    if (before === null) removeSection(db, tag, now);
    else writeSection(db, before, now);
  }
  if (trace.menu !== null && isDeepStrictEqual(readSettings(db).navigation, trace.menu.after)) {
    writeSettings(db, { navigation: trace.menu.before }, now);
  }
}

type Move = { readonly leaving: readonly string[]; readonly target: string | undefined };

/** No rule leads away from the new address, none leads to an old one, and each old one leads to the new one. */
function moveRedirects({ db }: LeadContext, { leaving, target }: Move, now: Timestamp): TagTrace["redirects"] {
  if (target === undefined) return [];
  const before = new Map(
    listRedirects(db, { after: "", limit: MAX_REDIRECTS }).map(({ source, target: to, status }) => [
      source,
      { source, target: to, status },
    ]),
  );
  const after = new Map<string, RedirectRule>();
  for (const rule of before.values())
    after.set(rule.source, { ...rule, target: follow(rule.target, { leaving, target }) });
  for (const name of leaving) {
    for (const end of ["", "/*"]) {
      const source = `/tags/${name}${end}`;
      after.set(source, { source, target: paths.tag({ name: target }) + end, status: 301 });
    }
  }
  for (const end of ["", "/*"]) after.delete(`/tags/${target}${end}`);
  if (after.size > MAX_REDIRECTS) {
    throw invalid("label", said`There are ${MAX_REDIRECTS} redirects, as many as may be, and old addresses need more.`);
  }
  const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
    (source) => !isDeepStrictEqual(before.get(source), after.get(source)),
  );
  for (const source of changed) {
    removeRedirectFrom(db, source);
    const rule = after.get(source);
    if (rule !== undefined) insertRedirect(db, rule, now);
  }
  return changed.map((source) => ({ source, before: before.get(source) ?? null }));
}

/** Where a rule leads when tags are gone: what led to one of them leads to the new one. */
function follow(to: string | undefined, { leaving, target = "" }: Move): string | undefined {
  const path = targetPath(to);
  const name = leaving.find((each) => path === `/tags/${each}` || path?.startsWith(`/tags/${each}/`));
  if (to === undefined || name === undefined) return to;
  const old = paths.tag({ name });
  return to.startsWith(old) ? paths.tag({ name: target }) + to.slice(old.length) : to;
}

/** The section of the new tag stays; where it has none, it gets the first one that goes. */
function moveSections({ db }: LeadContext, { leaving, target }: Move, now: Timestamp): TagTrace["sections"] {
  const touched = [...leaving, ...(target === undefined ? [] : [target])];
  const before = touched.map((tag) => ({ tag, before: findSection(db, tag) ?? null }));
  const heir = before.find((each) => each.tag !== target && each.before !== null)?.before ?? null;
  for (const tag of leaving) removeSection(db, tag, now);
  const inherits = target !== undefined && heir !== null && before.at(-1)?.before === null;
  if (inherits) writeSection(db, { ...heir, tag: target }, now);
  return before.filter((each) => each.before !== null || (inherits && each.tag === target));
}

/** What the author called an entry stays; one that is called as its tag was follows it. */
function moveMenu({ db }: LeadContext, { sources, target }: TagOrder, now: Timestamp): TagTrace["menu"] {
  const before = readSettings(db).navigation;
  const labels = new Map(sources.map((name) => [paths.tag({ name }), findUsedTag(db, name)?.label]));
  const moved = before.flatMap((entry) => {
    if (!labels.has(entry.address)) return [entry];
    if (target === undefined) return [];
    const label = labels.get(entry.address) === entry.label ? toEntryLabel(target) : entry.label;
    return [{ label, address: paths.tag({ name: tagName(target) }) }];
  });
  // Of several tags that became one there is one entry.
  const after = moved.filter((entry, index) => isFirst(moved, entry, index) || before.includes(entry));
  if (isDeepStrictEqual(before, after)) return null;
  writeSettings(db, { navigation: after }, now);
  return { before, after };
}

function isFirst(entries: readonly NavigationEntry[], { address }: NavigationEntry, index: number): boolean {
  return entries.findIndex((entry) => entry.address === address) === index;
}

function toEntryLabel(label: string): string {
  return [...label].slice(0, MAX_ENTRY_LABEL_LENGTH).join("").trim();
}
