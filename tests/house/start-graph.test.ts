import { expect, test } from "vitest";
import { listSources } from "./sources.ts";
import { loadedWith } from "./start-graph.ts";

const sources = listSources("src", /\.ts$/);

test("what is loaded with a file is found through other files, and neither types nor what is loaded later counts", () => {
  const files = [
    { path: "a.ts", text: 'import { b } from "./in/b.ts";\nimport type { T } from "typed";\nawait import("later");' },
    { path: "in/b.ts", text: 'export {\n  c,\n} from "../c.ts";\nimport "beside";\n// import "said"' },
    { path: "c.ts", text: 'import express from "express";' },
  ];

  expect([...loadedWith("a.ts", files)]).toEqual(["a.ts", "in/b.ts", "c.ts", "beside", "express"]);
});

test("a server starts and shows its first page without Express, its routes and the author's side", () => {
  const loaded = [...loadedWith("cli/start-server.ts", sources)];

  expect(loaded).toContain("web/page-maker.ts");
  expect(loaded.filter((name) => name === "express" || name.startsWith("web/routes/"))).toEqual([]);
});

test("readers' application comes without the author's side", () => {
  const loaded = loadedWith("web/readers-app.ts", sources);
  const whole = loadedWith("web/whole-app.ts", sources);

  expect(loaded).toContain("express");
  for (const name of ["web/author-pages.ts", "web/routes/micropub.ts", "web/routes/authorization.ts"]) {
    expect(whole).toContain(name);
    expect(loaded).not.toContain(name);
  }
});
