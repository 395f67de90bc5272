import { expect, test } from "vitest";
import { queryText, queryTexts } from "../../src/web/input.ts";
import { testWeb } from "../support/web.ts";

test.each<[query: string, first: string | undefined, all: string[]]>([
  ["", undefined, []],
  ["?q=", "", [""]],
  ["?q", "", [""]],
  ["?q=a", "a", ["a"]],
  ["?q=a&q=b", "a", ["a", "b"]],
  ["?q[]=a", undefined, []],
  ["?q[x]=a", undefined, []],
  ["?Q=a", undefined, []],
  ["?q=a+b%20c%2B", "a b c+", ["a b c+"]],
  ["?q=%E0%A4%A", "\ufffd%A", ["\ufffd%A"]],
  ["?__proto__=a&q=b", "b", ["b"]],
  ["?q=a&".concat("x=1&".repeat(3000)), "a", ["a"]],
])("of %j the first q is %j", async (query, first, all) => {
  const { http } = await testWeb((router) => {
    router.get("/", (req, res) => void res.json([queryText(req, "q") ?? null, queryTexts(req, "q")]));
  });

  const answer = await http.get(`/${query}`);

  expect(answer.body).toEqual([first ?? null, all]);
});
