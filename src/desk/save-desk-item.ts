import type { Context } from "../context/context.ts";
import { invalid, notFound } from "../lib/errors.ts";
import { said } from "../lib/words.ts";
import type { DeskKind } from "./desk-item.ts";
import { MAX_DESK_ITEMS, parseDeskItem } from "./desk-item.ts";
import {
  findDeskItem,
  findDeskItemId,
  insertDeskItem,
  listDeskItems,
  removeDeskItem,
  updateDeskItem,
} from "./desk-item-store.ts";

type DeskContext = Pick<Context, "db" | "clock">;

/** What was typed of one thing: a new one, or of the id that it has. */
export type TypedItem = {
  readonly id?: number | undefined;
  readonly name: string;
  readonly fields: Readonly<Record<string, string>>;
};

/**
 * Saves a snippet, a template or a search. Throws `invalid` with the field, also for a name that another one has and past
 * MAX_DESK_ITEMS, and `not_found` for an id that there is not.
 */
export function saveDeskItem(ctx: DeskContext, kind: DeskKind, typed: TypedItem): Promise<void> {
  const { name, fields } = parseDeskItem(kind, typed);
  const now = ctx.clock();
  return ctx.db.write(() => {
    const other = findDeskItemId(ctx.db, kind, name);
    if (other !== undefined && other !== typed.id)
      throw invalid("name", said`There is one of this name. Choose another.`);
    if (typed.id !== undefined) {
      if (findDeskItem(ctx.db, kind, typed.id) === undefined) throw notFound(kind);
      return updateDeskItem(ctx.db, { id: typed.id, name, fields, now });
    }
    if (listDeskItems(ctx.db, kind).length >= MAX_DESK_ITEMS) {
      throw invalid("name", said`There are ${MAX_DESK_ITEMS} already, which is the most. Delete one first.`);
    }
    return insertDeskItem(ctx.db, { kind, name, fields, now });
  });
}

/** Deletes one. One that is not there is no error. */
export function deleteDeskItem(ctx: DeskContext, kind: DeskKind, id: number): Promise<void> {
  return ctx.db.write(() => removeDeskItem(ctx.db, kind, id));
}
