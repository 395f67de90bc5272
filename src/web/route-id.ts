import type { Request } from "express";
import { notFound } from "../lib/errors.ts";

/** The row id that stands for `:id` in the address. Throws `not_found` for what is no number. */
export function routeId(req: Request, thing: string): number {
  const { id } = req.params;
  if (typeof id !== "string" || !/^[1-9]\d{0,14}$/.test(id)) throw notFound(thing);
  return Number(id);
}
