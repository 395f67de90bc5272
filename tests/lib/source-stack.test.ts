import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { transformSync } from "esbuild";
import { expect, onTestFinished, test } from "vitest";
import { ROOT } from "../../src/lib/root.ts";
import { toSourceStack } from "../../src/lib/source-stack.ts";

/** A file as the build makes it, beside its map. */
function createBuilt(): string {
  const folder = mkdtempSync(join(tmpdir(), "starpunk-stack-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const source = "export function first() {}\n\nexport function fail() {\n  throw new Error('no');\n}\n";
  const sourcefile = pathToFileURL(join(ROOT, "src/web/fail.ts")).href;
  const { code, map } = transformSync(source, { loader: "ts", minify: true, sourcemap: true, sourcefile });
  writeFileSync(join(folder, "built.js"), code);
  writeFileSync(join(folder, "built.js.map"), map);
  return join(folder, "built.js");
}

test("places in the bundle become places in the source, however the file is named", () => {
  const file = createBuilt();
  const column = "export function first(){}export function fail(){".length + 1;

  for (const name of [file, pathToFileURL(file).href]) {
    expect(toSourceStack(`Error: no\n    at fail (${name}:1:${column})\n    at node:internal/x:1:2`)).toBe(
      "Error: no\n    at fail (src/web/fail.ts:4:3)\n    at node:internal/x:1:2",
    );
  }
});

test.each([["/nowhere/at/all.js:1:2"], ["file:///nowhere/at%20/all.js:9:9"], ["node:internal/modules:1:2"]])(
  "a place without a map stays as it is: %s",
  (place) => {
    expect(toSourceStack(`Error: no\n    at fail (${place})`)).toBe(`Error: no\n    at fail (${place})`);
  },
);
