import type { Context } from "../context/context.ts";
import { cleanText, excerpt } from "../lib/text.ts";
import type { AuditKind, Doer } from "./audit-event.ts";
import { AUDIT_KINDS } from "./audit-event.ts";
import { insertAuditEvent } from "./audit-store.ts";

/** Characters of what a doer is called; a client_id may be longer. */
export const MAX_DOER_NAME_LENGTH = 300;
/** Characters of what a browser or an app calls itself. */
export const MAX_AUDIT_USER_AGENT_LENGTH = 120;
/** Characters of the words on an event. */
export const MAX_AUDIT_DETAIL_LENGTH = 300;

/** The outside world, and on whose behalf it is touched; nobody named: this machine, by itself. */
export type Doing<Needs extends keyof Context> = Pick<Context, Needs> & { readonly doer?: Doer | undefined };

/** What is done: a kind of the closed list, and in a few words what the kind does not say. Never a secret. */
export type Act = { readonly kind: AuditKind; readonly detail?: string; readonly noteId?: number };

/** This machine: a command by its name, or a job. */
export function machine(name: string): Doer {
  return { sort: "machine", name, network: "", userAgent: "", requestId: "" };
}

/** Adds an event to the audit log. Only inside the write of the act itself, so that there is both or neither. */
export function record({ db, clock, doer = machine("") }: Doing<"db" | "clock">, act: Act): void {
  insertAuditEvent(db, {
    happenedAt: clock(),
    kind: act.kind,
    doer: {
      sort: doer.sort,
      network: doer.network,
      requestId: doer.requestId,
      name: cleanText(doer.name).slice(0, MAX_DOER_NAME_LENGTH),
      userAgent: excerpt(cleanText(doer.userAgent), MAX_AUDIT_USER_AGENT_LENGTH),
    },
    noteId: act.noteId,
    detail: excerpt(cleanText(act.detail ?? ""), MAX_AUDIT_DETAIL_LENGTH),
    isFrequent: "frequent" in AUDIT_KINDS[act.kind],
  });
}

/** The same for an act that changes no row: refusals, downloads, commands. */
export function recordAlone(ctx: Doing<"db" | "clock">, act: Act): Promise<void> {
  return ctx.db.write(() => record(ctx, act));
}
