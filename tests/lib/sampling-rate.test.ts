import { expect, test } from "vitest";
import { parseSamplingRate } from "../../src/lib/sampling-rate.ts";

const ALL = { http: 1, database: 1, render: 1, job: 1, fetch: 1 };

test.each([
  ["1", ALL],
  ["0", { http: 0, database: 0, render: 0, job: 0, fetch: 0 }],
  [".5", { http: 0.5, database: 0.5, render: 0.5, job: 0.5, fetch: 0.5 }],
  ["database=0.1", { ...ALL, database: 0.1 }],
  ["database=0.1, http=0 ,render=1", { ...ALL, database: 0.1, http: 0 }],
])("a rate written %j is read", (text, rates) => {
  expect(parseSamplingRate(text)).toEqual(rates);
});

test.each([
  ["1.1", "sampling rate of http is 1.1"],
  ["-1", '"-1" is not a number from 0 to 1'],
  ["half", '"half" is not a number from 0 to 1'],
  ["", '"" is not a number from 0 to 1'],
  ["database=", '"" is not a number from 0 to 1'],
  ["database=0.1=2", '"database=0.1=2" has more than one'],
  ["databas=1", "Did you mean database?"],
  ["pages=1", "There are http, database, render, job, fetch."],
  ["http=1,http=0", '"http" has two rates'],
  ["http=1,", '"" is no type of metrics'],
])("a rate written %j is refused in a sentence", (text, sentence) => {
  expect(() => parseSamplingRate(text)).toThrow(sentence);
});
