import { expect, test } from "vitest";
import { Figures } from "../../bench/figures.ts";
import { FULL, QUICK } from "../../bench/plan.ts";
import { insertReport } from "../../bench/report/measurements.ts";
import { toReport } from "../../bench/report/report.ts";
import { toText } from "../../bench/report/tables.ts";

const PART = { plan: QUICK, parts: ["home"], failures: [], machine: ["2 cores"] };

test("a report has the machine, each clause of the parts that ran, and a table of requests", () => {
  const report = toReport({ ...PART, figures: someFigures() });

  expect(report).toContain("- 2 cores\n");
  expect(report).toContain("| 2 | home: requests a second : bare-hot | 1000 | 0.5 | 0.625 | ≥ 0.85 | **missed** |");
  expect(report).toContain(
    "| req/s (µs) | home |\n| --- | --: |\n| starpunk | 10,000 (40) |\n| bare-hot | 20,000 (25) |",
  );
  expect(report).toContain("| starpunk | 12,345 |");
  expect(report).toContain("Not measured here: Ghost");
  expect(report).not.toContain("permalink:");
});

test("a clause about a set that nobody loads is not shown, one that came to nothing is", () => {
  const quick = toReport({ ...PART, figures: new Figures() });
  const full = toReport({ ...PART, plan: FULL, figures: new Figures() });
  const row = (set: string) => `| 2 | home: requests a second : bare-hot | ${set} | – | – | ≥ 0.85 | not measured |`;

  expect(quick).toContain(row("1000"));
  expect(quick).not.toContain(row("2000"));
  expect(full).toContain(row("100000"));
});

test("what could not run stands above everything", () => {
  const failures = [{ part: "home on the set 1000", why: "wrk is missing." }];

  const report = toReport({ ...PART, figures: new Figures(), failures });

  expect(report).toContain("### Parts that could not run\n\n- home on the set 1000: wrk is missing.\n");
});

test("figures without a column of their own are listed with their range, in their unit", () => {
  const figures = new Figures();
  const place = { set: "1000", server: "starpunk" };
  for (const ms of [1, 2, 4]) figures.add({ ...place, name: "publish.p50" }, ms);
  figures.add({ ...place, name: "rss.idle" }, 64 * 2 ** 20);

  const report = toReport({ ...PART, figures });

  expect(report).toContain("| publish.p50 | 1000 | starpunk | 2 ms | 1 – 4 |");
  expect(report).toContain("| rss.idle | 1000 | starpunk | 64 MiB | – |");
});

test("the newest report replaces the one between the markers, and nothing else of the page", () => {
  const first = insertReport("# Measurements\n\n## Size\n\nSmall.\n", "one", "2026-11-21");

  const second = insertReport(`${first}\n## Later\n\nMore.\n`, "two\n", "2026-11-22");

  expect(first).toContain("Small.\n\n## Benchmarks\n\n<!-- bench:begin -->\nMeasured on 2026-11-21");
  expect(second).toContain(
    "Measured on 2026-11-22 by `npm run bench`.\n\ntwo\n<!-- bench:end -->\n\n## Later\n\nMore.\n",
  );
  expect(second).not.toContain("one\n");
});

test("a page that is not there yet gets a title", () => {
  expect(insertReport("", "one", "2026-11-21")).toMatch(/^# Measurements\n\n## Benchmarks\n\n<!-- bench:begin -->/);
});

test.each([
  [0.123_456, "0.123"],
  [12.345, "12.3"],
  [99.96, "100"],
  [123.4, "123"],
  [71_866, "71,866"],
  [0, "0"],
  [-3.21, "-3.21"],
])("%d is written as %s", (value, text) => {
  expect(toText(value)).toBe(text);
});

function someFigures(): Figures {
  const figures = new Figures();
  const measured = { starpunk: [10_000, 40, 12_345], "bare-hot": [20_000, 25, 12_345] } as const;
  for (const [server, [rate, cpu, bytes]] of Object.entries(measured)) {
    figures.add({ set: "1000", server, name: "home.rate" }, rate);
    figures.add({ set: "1000", server, name: "home.cpu" }, cpu);
    figures.add({ set: "1000", server, name: "home.bytes" }, bytes);
  }
  return figures;
}
