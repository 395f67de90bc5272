import type { Request } from "express";
import type { AuditEvent, Doer } from "../audit/audit-event.ts";
import { AUDIT_FAMILIES, DOERS, kindsOf } from "../audit/audit-event.ts";
import type { AuditFilter } from "../audit/audit-store.ts";
import { listAuditEvents, NEWEST } from "../audit/audit-store.ts";
import { listGrants } from "../auth/grant-store.ts";
import type { Context } from "../context/context.ts";
import { invalid } from "../lib/errors.ts";
import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";
import { shownTime } from "./admin-view.ts";
import type { AuditLogView, AuditRowView } from "./audit-views.ts";
import { doerWords, FAMILY_WORDS, kindWords } from "./audit-words.ts";
import { deviceName } from "./device-name.ts";
import { queryText } from "./input.ts";

/** The page of the audit log. */
export const AUDIT_PATH = "/admin/audit";

/** Events on one page. */
export const EVENTS_PER_PAGE = 50;

/** What the filter's form says: a subject, and a sort of doer with or without `:` and its name; empty: all. */
type Asked = { readonly subject: string; readonly who: string };

/** Sorts of doers in the filter, before the apps. */
const SORT_WORDS: Readonly<Record<Doer["sort"], Words>> = {
  author: said`The author`,
  app: said`Every app`,
  machine: said`This machine`,
  stranger: said`Somebody else`,
};

/** What the query asks for. What is none of the choices asks for nothing, but for the name of a doer. */
export function readAuditFilter(req: Request): { asked: Asked; filter: AuditFilter } {
  const family = AUDIT_FAMILIES.find((each) => each === queryText(req, "subject"));
  const [named = "", ...rest] = (queryText(req, "who") ?? "").split(":");
  const sort = DOERS.find((each) => each === named);
  const name = sort === undefined || rest.length === 0 ? undefined : rest.join(":");
  return {
    asked: { subject: family ?? "", who: sort === undefined ? "" : toWho(sort, name) },
    filter: { kinds: family && kindsOf(family), sort, name },
  };
}

/** The audit log as the query asks for it. */
export function auditLogView(ctx: Context, req: Request): AuditLogView {
  const { asked, filter } = readAuditFilter(req);
  const found = listAuditEvents(ctx.db, filter, { before: readBefore(req), limit: EVENTS_PER_PAGE + 1 });
  const events = found.slice(0, EVENTS_PER_PAGE);
  const last = events.at(-1);
  return {
    securityPage: AUDIT_PATH,
    subjects: [
      { value: "", label: said`Everything`, isChosen: asked.subject === "" },
      ...AUDIT_FAMILIES.map((value) => ({ value, label: FAMILY_WORDS[value], isChosen: asked.subject === value })),
    ],
    doers: doerChoices(ctx, asked.who),
    isFiltered: asked.subject !== "" || asked.who !== "",
    events: events.map((event) => rowView(ctx, event)),
    nextPath: found.length > EVENTS_PER_PAGE && last ? pathOf(AUDIT_PATH, { ...asked, before: String(last.id) }) : "",
    jsonPath: pathOf(`${AUDIT_PATH}/export.jsonl`, asked),
    csvPath: pathOf(`${AUDIT_PATH}/export.csv`, asked),
  };
}

function doerChoices(ctx: Context, who: string): AuditLogView["doers"] {
  const apps = [...new Set(listGrants(ctx.db).map(({ clientId }) => clientId))].sort();
  const known: { value: string; label: Words }[] = [
    { value: "", label: said`Everybody` },
    ...DOERS.map((sort) => ({ value: sort as string, label: SORT_WORDS[sort] })),
    ...apps.map((name) => ({ value: toWho("app", name), label: name })),
  ];
  // One that no list has, such as a login that has ended, is chosen by a link of an event.
  const isKnown = known.some(({ value }) => value === who);
  const choices = isKnown ? known : [...known, { value: who, label: doerWords(fromWho(who)) }];
  return choices.map((choice) => ({ ...choice, isChosen: choice.value === who }));
}

function rowView(ctx: Context, event: AuditEvent): AuditRowView {
  const { kind, doer, happenedAt, detail, noteId } = event;
  return {
    what: kindWords(kind),
    who: doerWords(doer),
    whoPath: pathOf(AUDIT_PATH, { subject: "", who: toWho(doer.sort, doer.name) }),
    when: shownTime(ctx, happenedAt),
    whenAt: happenedAt,
    detail,
    network: doer.network,
    device: doer.userAgent === "" ? "" : deviceName(doer.userAgent),
    requestId: doer.requestId,
    notePath: noteId === undefined ? "" : `/admin/notes/${noteId}/edit`,
  };
}

function toWho(sort: Doer["sort"], name: string | undefined): string {
  return name === undefined ? sort : `${sort}:${name}`;
}

function fromWho(who: string): Pick<Doer, "sort" | "name"> {
  const at = who.indexOf(":");
  const sort = DOERS.find((each) => each === who.slice(0, at)) ?? "stranger";
  return { sort, name: who.slice(at + 1) };
}

function readBefore(req: Request): number {
  const text = queryText(req, "before");
  if (text === undefined) return NEWEST;
  if (!/^[1-9]\d{0,14}$/.test(text))
    throw invalid("before", said`“before” is no place in this list. Begin again at its top.`);
  return Number(text);
}

function pathOf(path: string, asked: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(Object.entries(asked).filter(([, value]) => value !== ""));
  return query.size === 0 ? path : `${path}?${query}`;
}
