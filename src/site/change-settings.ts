import { isDeepStrictEqual } from "node:util";
import type { Doing } from "../audit/record.ts";
import { record } from "../audit/record.ts";
import type { Context } from "../context/context.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { Settings } from "./settings.ts";
import { parseSettings } from "./settings-input.ts";
import { readSettings, updateSetting } from "./settings-store.ts";

/**
 * Changes the settings that `input` names, all in one transaction; the others stay. What equals the present value is
 * no change: no page goes stale. Throws `invalid` for the first that breaks its rule, nothing changed.
 */
export async function changeSettings(
  ctx: Doing<"db" | "clock">,
  input: Readonly<Record<string, unknown>>,
): Promise<void> {
  const settings = parseSettings(input);
  const now = ctx.clock();
  await ctx.db.write(() => writeAuthorsSettings(ctx, settings, now));
}

/** Stores settings that were parsed before, and writes down for the audit log which of them changed, never to what. Only inside a write. */
export function writeAuthorsSettings(ctx: Doing<"db" | "clock">, settings: Partial<Settings>, now: Timestamp): void {
  const before = readSettings(ctx.db);
  writeSettings(ctx.db, settings, now);
  const after = readSettings(ctx.db);
  const changed = (Object.keys(settings) as (keyof Settings)[]).filter(
    (name) => !isDeepStrictEqual(before[name], after[name]),
  );
  if (changed.length > 0) record(ctx, { kind: "settings.change", detail: changed.join(" ") });
}

/** Stores settings that were parsed before, as a part of a larger transaction. Only inside a write. */
export function writeSettings(db: Context["db"], settings: Partial<Settings>, now: Timestamp): void {
  for (const name of Object.keys(settings) as (keyof Settings)[]) {
    updateSetting(db, { name, value: settings[name] }, now);
  }
}
