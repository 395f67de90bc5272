import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

test("docs/themes.md says what every view of readers' pages is given", () => {
  const { status, stderr } = spawnSync(process.execPath, ["scripts/view-contract.mjs", "--check"], {
    encoding: "utf8",
  });

  expect(stderr).toBe("");
  expect(status).toBe(0);
});
