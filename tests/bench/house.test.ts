import { expect, test } from "vitest";
import { findFileFaults, MAX_FILE_LINES } from "../house/line-rules.ts";
import { listSources } from "../house/sources.ts";

test("files of the benchmark have a size and a name that one can live with", () => {
  const sources = listSources("bench", /\.(ts|mjs|lua)$/);

  const faults = sources.flatMap((source) =>
    findFileFaults({ ...source, path: `bench/${source.path}` }, MAX_FILE_LINES),
  );

  expect(sources.length).toBeGreaterThan(30);
  expect(faults).toEqual([]);
});
