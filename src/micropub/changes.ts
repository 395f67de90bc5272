import { isDeepStrictEqual } from "node:util";
import type { Mf2Changes, Mf2Properties } from "./request.ts";

/**
 * Applies an update to properties (§3.4): replace, then add, then delete. A property that loses its last value is gone;
 * the values of others stay as they are.
 * @see https://www.w3.org/TR/micropub/#update
 */
export function applyChanges(before: Mf2Properties, changes: Mf2Changes): Mf2Properties {
  const after = new Map<string, readonly unknown[]>(Object.entries(before));
  for (const [name, values] of Object.entries(changes.replace)) after.set(name, values);
  for (const [name, values] of Object.entries(changes.add)) {
    after.set(name, [...(after.get(name) ?? []), ...values]);
  }
  for (const [name, values] of toRemove(changes.remove)) {
    const kept = (after.get(name) ?? []).filter((value) => values?.every((gone) => !isDeepStrictEqual(value, gone)));
    after.set(name, kept);
  }
  return Object.fromEntries([...after].filter(([, values]) => values.length > 0));
}

/** Names with the values to take away; undefined takes all. */
function toRemove(remove: Mf2Changes["remove"]): [string, readonly unknown[] | undefined][] {
  if (Array.isArray(remove)) return remove.map((name) => [name, undefined]);
  return Object.entries(remove as Mf2Properties);
}
