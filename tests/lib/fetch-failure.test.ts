import { expect, test } from "vitest";
import { failureOfStatus } from "../../src/lib/fetch-failure.ts";

test.each([200, 201, 204, 299])("%d is no failure", (status) => {
  expect(failureOfStatus({ status, headers: new Map() })).toBeUndefined();
});

test.each([300, 302, 304, 400, 401, 403, 404, 410, 451])("%d will not pass", (status) => {
  expect(failureOfStatus({ status, headers: new Map() })).toEqual({
    result: "give_up",
    reason: `The server answered ${status}.`,
  });
});

test.each([408, 425, 429, 500, 502, 503, 504, 599])("%d may pass", (status) => {
  expect(failureOfStatus({ status, headers: new Map() })).toEqual({
    result: "retry",
    reason: `The server answered ${status}.`,
  });
});

test.each([
  ["120", 120],
  ["Fri, 31 Dec 2027 23:59:59 GMT", undefined],
  ["-1", undefined],
  ["99999999999", undefined],
])("Retry-After: %s is understood as %s seconds", (header, seconds) => {
  const failure = failureOfStatus({ status: 503, headers: new Map([["retry-after", header]]) });

  expect(failure).toMatchObject({ result: "retry" });
  expect(failure?.result === "retry" ? failure.retryAfterSeconds : "none").toBe(seconds);
});
