import type { Timestamp } from "../lib/clock.ts";

/** Subjects that events are listed by, in the order of the filter. */
export const AUDIT_FAMILIES = ["logins", "secrets", "apps", "writes", "settings", "site"] as const;

/** One of these subjects. */
export type AuditFamily = (typeof AUDIT_FAMILIES)[number];

/**
 * Every kind of event, `noun.verb`, with its subject. `frequent`: a stranger or an app can bring it about without end, so
 * that only the newest are kept; see `purge-audit.ts`.
 */
export const AUDIT_KINDS = {
  "login.open": { family: "logins" },
  "login.refuse": { family: "logins", frequent: true },
  "login.prove": { family: "logins" },
  "login.end": { family: "logins" },
  "login.end_others": { family: "logins" },
  "login.known": { family: "logins" },
  "password.change": { family: "secrets" },
  "password.reset": { family: "secrets" },
  "password.turn_on": { family: "secrets" },
  "password.turn_off": { family: "secrets" },
  "passkey.add": { family: "secrets" },
  "passkey.rename": { family: "secrets" },
  "passkey.remove": { family: "secrets" },
  "two_factor.turn_on": { family: "secrets" },
  "two_factor.turn_off": { family: "secrets" },
  "identity.add": { family: "secrets" },
  "identity.remove": { family: "secrets" },
  "recovery_codes.make": { family: "secrets" },
  "recovery_codes.use": { family: "secrets" },
  "app.ask": { family: "apps", frequent: true },
  "app.allow": { family: "apps" },
  "app.deny": { family: "apps" },
  "app.undo": { family: "apps" },
  "grant.narrow": { family: "apps" },
  "grant.change": { family: "apps" },
  "grant.revoke": { family: "apps" },
  "token.make": { family: "apps" },
  "token.issue": { family: "apps" },
  "token.refresh": { family: "apps", frequent: true },
  "token.use": { family: "apps" },
  "token.replay": { family: "apps" },
  "note.create": { family: "writes", frequent: true },
  "note.update": { family: "writes", frequent: true },
  "note.delete": { family: "writes", frequent: true },
  "note.undelete": { family: "writes", frequent: true },
  "media.upload": { family: "writes", frequent: true },
  "media.delete": { family: "writes", frequent: true },
  "settings.change": { family: "settings" },
  "site.set_up": { family: "site" },
  "backup.ask": { family: "site" },
  "backup.make": { family: "site" },
  "backup.download": { family: "site" },
  "backup.delete": { family: "site" },
  "backup.restore": { family: "site" },
  "site.import": { family: "site" },
  "site.export": { family: "site" },
  "site.roll_back": { family: "site" },
  "audit.export": { family: "site" },
} as const satisfies Readonly<Record<string, { readonly family: AuditFamily; readonly frequent?: true }>>;

/** A kind of event. */
export type AuditKind = keyof typeof AUDIT_KINDS;

/** Sorts of doers: the author in a browser, an app with a token, this machine by a command or job, anybody else. */
export const DOERS = ["author", "app", "machine", "stranger"] as const;

/** Who does something, as far as it is written down. */
export type Doer = {
  readonly sort: (typeof DOERS)[number];
  /** Number of the author's login, the app's client_id, the command or job; empty: has none. */
  readonly name: string;
  /** Cut to /24 or /48; empty: not by the web. */
  readonly network: string;
  readonly userAgent: string;
  /** As in the log; empty: not by the web. */
  readonly requestId: string;
};

/** What happened, as it is written down. */
export type AuditEvent = {
  readonly id: number;
  readonly happenedAt: Timestamp;
  /** As a newer or older program may have named it. */
  readonly kind: string;
  readonly doer: Doer;
  readonly noteId: number | undefined;
  readonly detail: string;
};

/** The kinds of a subject. */
export function kindsOf(family: AuditFamily): AuditKind[] {
  return (Object.keys(AUDIT_KINDS) as AuditKind[]).filter((kind) => AUDIT_KINDS[kind].family === family);
}
