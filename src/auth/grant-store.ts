import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";

/** Who brought a grant about: the author on the consent page, or by making a token by hand. */
export type GrantMaker = "consent" | "hand";

/** Who ended a grant: the author, the app itself, or a code or refresh token that came twice. */
export type GrantEnd = "author" | "app" | "replay";

/** What the author allowed an app. */
export type StoredGrant = {
  readonly id: number;
  /** URL of the app or script. */
  readonly clientId: string;
  /** Empty: it gave itself no name. */
  readonly clientName: string;
  readonly scopes: readonly string[];
  readonly madeBy: GrantMaker;
  /** Whether its texts are Markdown; else they are plain. */
  readonly writesMarkdown: boolean;
  readonly createdAt: Timestamp;
  /** Undefined: holds until it is revoked. */
  readonly expiresAt: Timestamp | undefined;
  readonly revokedAt: Timestamp | undefined;
  readonly revokedFor: GrantEnd | undefined;
  /** Undefined: never used, or before that was written down. */
  readonly firstUsedAt: Timestamp | undefined;
  /** Of any of its tokens, exact to an hour; undefined: never used. */
  readonly lastUsedAt: Timestamp | undefined;
};

type GrantRow = {
  id: number;
  client_id: string;
  client_name: string;
  scope: string;
  made_by: GrantMaker;
  writes_markdown: 0 | 1;
  created_at: Timestamp;
  expires_at: Timestamp | null;
  revoked_at: Timestamp | null;
  revoked_for: GrantEnd | null;
  first_used_at: Timestamp | null;
  last_used_at: Timestamp | null;
};

/** Inserts a grant and returns its id. Only inside a write. */
export function insertGrant(
  db: Database,
  grant: Pick<StoredGrant, "clientId" | "clientName" | "madeBy" | "writesMarkdown" | "createdAt" | "expiresAt"> & {
    readonly scope: string;
  },
): number {
  return db.run(
    `INSERT INTO grants (client_id, client_name, scope, made_by, writes_markdown, created_at, expires_at)
     VALUES (:clientId, :clientName, :scope, :madeBy, :writesMarkdown, :createdAt, :expiresAt)`,
    { ...grant, writesMarkdown: grant.writesMarkdown ? 1 : 0 },
  ).lastInsertRowid;
}

/** The grant with this id, also one that has ended. */
export function findGrant(db: Database, id: number): StoredGrant | undefined {
  const row = db.get<GrantRow>(
    `SELECT grants.*,
            (SELECT max(tokens.last_used_at) FROM tokens WHERE tokens.grant_id = grants.id) AS last_used_at
       FROM grants
      WHERE id = :id`,
    { id },
  );
  return row && toGrant(row);
}

/** Every grant there ever was, the newest first. */
export function listGrants(db: Database): StoredGrant[] {
  return db
    .all<GrantRow>(
      `SELECT grants.*,
              (SELECT max(tokens.last_used_at) FROM tokens WHERE tokens.grant_id = grants.id) AS last_used_at
         FROM grants
        ORDER BY id DESC`,
    )
    .map(toGrant);
}

/** Says whether an app writes Markdown; returns whether there is such a grant. Only inside a write. */
export function updateWritesMarkdown(db: Database, id: number, writesMarkdown: boolean): boolean {
  const values = { id, writesMarkdown: writesMarkdown ? 1 : 0 };
  return db.run("UPDATE grants SET writes_markdown = :writesMarkdown WHERE id = :id", values).changes > 0;
}

/** Sets what a grant allows, with spaces between. Only inside a write. */
export function updateGrantScope(db: Database, id: number, scope: string): void {
  db.run("UPDATE grants SET scope = :scope WHERE id = :id", { id, scope });
}

/** Writes down that a grant was used, if that is the first time. Only inside a write. */
export function updateFirstUse(db: Database, id: number, now: Timestamp): void {
  db.run("UPDATE grants SET first_used_at = :now WHERE id = :id AND first_used_at IS NULL", { id, now });
}

/** Ends a grant; returns whether it held until now. Only inside a write. */
export function endGrant(db: Database, end: { id: number; now: Timestamp; reason: GrantEnd }): boolean {
  return (
    db.run(
      `UPDATE grants
          SET revoked_at = :now,
              revoked_for = :reason
        WHERE id = :id AND revoked_at IS NULL`,
      end,
    ).changes > 0
  );
}

function toGrant(row: GrantRow): StoredGrant {
  return {
    id: row.id,
    clientId: row.client_id,
    clientName: row.client_name,
    scopes: toScopes(row.scope),
    madeBy: row.made_by,
    writesMarkdown: row.writes_markdown === 1,
    createdAt: row.created_at,
    expiresAt: row.expires_at ?? undefined,
    revokedAt: row.revoked_at ?? undefined,
    revokedFor: row.revoked_for ?? undefined,
    firstUsedAt: row.first_used_at ?? undefined,
    lastUsedAt: row.last_used_at ?? undefined,
  };
}

/** The names in a scope as it is stored; none for an empty one. */
export function toScopes(scope: string): string[] {
  return scope.split(" ").filter((name) => name !== "");
}
