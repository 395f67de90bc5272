import { join } from "node:path";
import type { Config } from "./config.ts";

/** The file of the database, in DATA_DIR. */
export function databaseFile({ DATA_DIR }: Pick<Config, "DATA_DIR">): string {
  return join(DATA_DIR, "starpunk.db");
}
