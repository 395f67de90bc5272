import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";

const FIXTURES = join(import.meta.dirname, "../fixtures");

/** The releases of which there is a data folder. */
export const RELEASES: readonly string[] = readdirSync(FIXTURES)
  .map((name) => /^data-(.+)\.tar\.gz$/u.exec(name)?.[1])
  .filter((version) => version !== undefined);

/** Unpacks the data folder that a release left behind into `folder`, and returns its path. */
export function unpackRelease(version: string, folder: string): string {
  execFileSync("tar", ["-xzf", join(FIXTURES, `data-${version}.tar.gz`), "-C", folder]);
  return join(folder, "data");
}
