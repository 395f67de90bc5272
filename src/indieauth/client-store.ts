import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";

/** What an app says of itself, as far as it could be learned. */
export type ClientApp = {
  readonly id: number;
  /** In its canonical form. */
  readonly clientId: string;
  /** Empty: it does not say. Plain text. */
  readonly name: string;
  /** Its home page, http(s); empty: it does not say. */
  readonly uri: string;
  /** Where else it may have the author sent back, each to be matched exactly. */
  readonly redirectUris: readonly string[];
  readonly hasLogo: boolean;
  /** Why nothing could be learned; empty: something was. */
  readonly problem: string;
  readonly fetchedAt: Timestamp;
  readonly freshUntil: Timestamp;
};

type ClientRow = {
  id: number;
  client_id: string;
  name: string;
  uri: string;
  redirect_uris: string;
  has_logo: 0 | 1;
  problem: string;
  fetched_at: Timestamp;
  fresh_until: Timestamp;
};

/** What is known of an app, also what may be out of date. */
export function findClientApp(db: Database, clientId: string): ClientApp | undefined {
  const row = db.get<ClientRow>(
    `SELECT id, client_id, name, uri, redirect_uris, logo IS NOT NULL AS has_logo, problem, fetched_at, fresh_until
       FROM client_apps
      WHERE client_id = :clientId`,
    { clientId },
  );
  return row && toClientApp(row);
}

/** The logo of an app, a PNG; undefined when it has none. */
export function findClientLogo(db: Database, id: number): Buffer | undefined {
  return db.get<{ logo: Buffer | null }>("SELECT logo FROM client_apps WHERE id = :id", { id })?.logo ?? undefined;
}

/** Keeps what was learned of an app, in place of what was known. Only inside a write. */
export function keepClientApp(
  db: Database,
  { redirectUris, ...app }: Omit<ClientApp, "id" | "hasLogo"> & { readonly logo: Buffer | undefined },
): void {
  db.run(
    `INSERT INTO client_apps (client_id, name, uri, redirect_uris, logo, problem, fetched_at, fresh_until)
     VALUES (:clientId, :name, :uri, :redirectUris, :logo, :problem, :fetchedAt, :freshUntil)
         ON CONFLICT (client_id) DO UPDATE
        SET name = excluded.name,
            uri = excluded.uri,
            redirect_uris = excluded.redirect_uris,
            logo = excluded.logo,
            problem = excluded.problem,
            fetched_at = excluded.fetched_at,
            fresh_until = excluded.fresh_until`,
    { ...app, redirectUris: JSON.stringify(redirectUris) },
  );
}

/** Forgets all apps but the `kept` that were fetched last. Only inside a write. */
export function removeOldClientApps(db: Database, kept: number): void {
  db.run(
    `DELETE FROM client_apps
      WHERE id NOT IN (SELECT id FROM client_apps ORDER BY fetched_at DESC, id DESC LIMIT :kept)`,
    { kept },
  );
}

function toClientApp(row: ClientRow): ClientApp {
  return {
    id: row.id,
    clientId: row.client_id,
    name: row.name,
    uri: row.uri,
    redirectUris: JSON.parse(row.redirect_uris) as string[],
    hasLogo: row.has_logo === 1,
    problem: row.problem,
    fetchedAt: row.fetched_at,
    freshUntil: row.fresh_until,
  };
}
