import { expect, test } from "vitest";
import { Figures } from "../../bench/figures.ts";
import type { Clause } from "../../bench/goals/clause.ts";
import { judge } from "../../bench/goals/clause.ts";
import { CLAUSES } from "../../bench/goals/goals.ts";
import { PARTS } from "../../bench/parts/parts.ts";
import { FULL, QUICK } from "../../bench/plan.ts";

const RATE: Clause = {
  goal: 1,
  says: "permalink: requests a second : bare-express",
  part: "permalink",
  of: { name: "permalink.rate", server: "starpunk", set: "usual" },
  to: { name: "permalink.rate", server: "bare-express", set: "usual" },
  atLeast: 3,
  byCpu: {
    of: { name: "permalink.cpu", server: "starpunk", set: "usual" },
    to: { name: "permalink.cpu", server: "bare-express", set: "usual" },
  },
};

test.each([
  { ours: 3_000, cpu: 40, verdict: "met", value: 3, byCpu: 2 },
  { ours: 2_999, cpu: 40, verdict: "missed", value: 2.999, byCpu: 2 },
  { ours: 2_000, cpu: 20, verdict: "met by processor time", value: 2, byCpu: 4 },
])("3 times 1,000 req/s is asked: $ours at $cpu µs against 80 is $verdict", ({ ours, cpu, verdict, value, byCpu }) => {
  const figures = withRates({ ours, theirs: 1_000, cpu, theirCpu: 80 });

  expect(judge(RATE, figures, FULL)).toMatchObject({ set: "1000", value, valueByCpu: byCpu, verdict });
});

test("a clause is not judged while one of its figures is missing, or came out as nothing", () => {
  const nothing = withRates({ ours: 1_000, theirs: 0, cpu: 10, theirCpu: 10 });

  expect(judge(RATE, new Figures(), FULL).verdict).toBe("not measured");
  expect(judge(RATE, nothing, FULL).verdict).toBe("not measured");
});

test.each([
  { bytes: 24 * 2 ** 20, value: 24, verdict: "met" },
  { bytes: 24 * 2 ** 20 + 1, value: 24.000_001, verdict: "missed" },
])(
  "a clause without a second figure is judged in its own unit: $bytes bytes are $verdict",
  ({ bytes, value, verdict }) => {
    const figures = new Figures();
    figures.add({ set: "100000", server: "starpunk", name: "all.growth" }, bytes);
    const growth = CLAUSES.find(({ unit, of }) => unit?.name === "MiB" && of.name === "all.growth");

    const judgement = growth && judge(growth, figures, FULL);

    expect(judgement).toMatchObject({ verdict, value: expect.closeTo(value, 5) });
  },
);

test("a clause about two sets names both, and is not judged where they are one", () => {
  const figures = new Figures();
  const clause: Clause = { ...RATE, of: { ...RATE.of, set: "large" }, to: RATE.of, atLeast: 0.1 };
  for (const set of ["1000", "100000"]) figures.add({ set, server: "starpunk", name: "permalink.rate" }, 5);

  const apart = judge(clause, figures, FULL);
  const same = judge(clause, figures, { sizes: { ...FULL.sizes, large: FULL.sizes.usual } });

  expect(apart).toMatchObject({ set: "100000 : 1000", value: 1, verdict: "met" });
  expect(same.verdict).toBe("not measured");
});

test("every clause belongs to a part that runs, asks for something, and every goal has one", () => {
  const parts = PARTS.map(({ name }) => name);

  const strays = CLAUSES.filter(({ part }) => !parts.includes(part));
  const vague = CLAUSES.filter(({ atLeast, atMost }) => (atLeast === undefined) === (atMost === undefined));

  expect([strays, vague]).toEqual([[], []]);
  expect([...new Set(CLAUSES.map(({ goal }) => goal))]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test("sets that a clause compares differ in size, in a quick run as well", () => {
  const compared = CLAUSES.flatMap(({ of, to }) =>
    to === undefined || to.set === of.set ? [] : ([[of.set, to.set]] as const),
  );

  const same = [QUICK, FULL].flatMap(({ sizes }) => compared.filter(([one, other]) => sizes[one] === sizes[other]));

  expect(compared.length).toBeGreaterThan(4);
  expect(same).toEqual([]);
});

type Rates = { ours: number; theirs: number; cpu: number; theirCpu: number };

function withRates({ ours, theirs, cpu, theirCpu }: Rates): Figures {
  const figures = new Figures();
  figures.add({ set: "1000", server: "starpunk", name: "permalink.rate" }, ours);
  figures.add({ set: "1000", server: "bare-express", name: "permalink.rate" }, theirs);
  figures.add({ set: "1000", server: "starpunk", name: "permalink.cpu" }, cpu);
  figures.add({ set: "1000", server: "bare-express", name: "permalink.cpu" }, theirCpu);
  return figures;
}

test("a clause about a difference is judged by it", () => {
  const figures = new Figures();
  const price = CLAUSES.find(({ minus }) => minus !== undefined);
  figures.add({ set: "1000", server: "starpunk", name: "measured.cpu" }, 20.6);
  figures.add({ set: "1000", server: "starpunk without metrics", name: "measured.cpu" }, 20.2);

  const judgement = price && judge(price, figures, FULL);

  expect(judgement).toMatchObject({ verdict: "met", value: expect.closeTo(0.4, 5) });
});
