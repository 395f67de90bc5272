import { expect, test } from "vitest";
import { chooseCoding } from "../../src/web/coding.ts";

test.each<[header: string | undefined, chosen: string | undefined]>([
  [undefined, "identity"],
  ["", "identity"],
  ["gzip", "gzip"],
  ["br", "br"],
  ["gzip, deflate, br, zstd", "br"],
  ["gzip, br", "br"],
  ["GZIP", "gzip"],
  ["x-gzip", "gzip"],
  ["zstd, deflate", "identity"],
  ["br;q=0.5, gzip", "gzip"],
  ["br;q=0.5,gzip;q=0.501", "gzip"],
  ["br ; q=0.5 , gzip ; Q=0.4", "br"],
  ["br;q=0, gzip", "gzip"],
  ["br;q=0.000, gzip;q=0", "identity"],
  ["gzip;q=0", "identity"],
  ["*", "br"],
  ["*;q=0.1", "br"],
  ["*, br;q=0", "gzip"],
  ["*;q=0", undefined],
  ["*;q=0, gzip", "gzip"],
  ["*;q=0, identity", "identity"],
  ["identity", "identity"],
  ["identity;q=0", undefined],
  ["identity;q=0, gzip", "gzip"],
  ["identity;q=0, gzip;q=0.001", "gzip"],
  ["identity;q=0, zstd", undefined],
  ["identity;q=0.5, gzip;q=0.4", "identity"],
  ["identity, gzip", "gzip"],
  ["gzip;q=1.000", "gzip"],
  ["gzip;q=1.5", "identity"],
  ["gzip;q=0.1234", "identity"],
  ["gzip;q=-1", "identity"],
  ["gzip;q=", "identity"],
  ["gzip;level=9", "identity"],
  ["gzip;q=0, gzip", "identity"],
  [",,gzip,,", "gzip"],
  ["gz ip, br;;;, =", "identity"],
  [`${"a,".repeat(5000)}gzip`, "gzip"],
])("Accept-Encoding %j is answered with %s", (header, chosen) => {
  const coding = chooseCoding(header);

  expect(coding).toBe(chosen);
});

test.each<[header: string, chosen: string | undefined]>([
  ["br, gzip", "gzip"],
  ["br", "identity"],
  ["*;q=0, br", undefined],
])("where there is gzip only, Accept-Encoding %j is answered with %s", (header, chosen) => {
  const coding = chooseCoding(header, ["gzip"]);

  expect(coding).toBe(chosen);
});
