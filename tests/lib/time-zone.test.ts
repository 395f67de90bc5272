import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Timestamp } from "../../src/lib/clock.ts";
import { toTimestamp } from "../../src/lib/clock.ts";
import {
  formatDate,
  fromLocal,
  isTimeZone,
  MAX_KEPT_DAYS,
  offsetMinutes,
  timeZones,
  toLocal,
} from "../../src/lib/time-zone.ts";

const at = (text: string) => text as Timestamp;
const WINTER = at("2026-01-15T12:00:00.000Z");
const SUMMER = at("2026-07-15T12:00:00.000Z");

test.each([
  ["UTC", 0, 0],
  ["Europe/Berlin", 60, 120],
  ["America/Los_Angeles", -480, -420],
  ["Asia/Kolkata", 330, 330],
  ["Asia/Kathmandu", 345, 345],
  ["America/St_Johns", -210, -150],
  ["Australia/Lord_Howe", 660, 630],
  ["Pacific/Kiritimati", 840, 840],
  ["Etc/GMT+12", -720, -720],
])("%s is %i minutes from UTC in January and %i in July", (zone, winter, summer) => {
  const offsets = [WINTER, SUMMER].map((moment) => offsetMinutes(moment, zone));

  expect(offsets).toEqual([winter, summer]);
});

test.each([
  ["America/Los_Angeles", "2026-11-01T09:00:00.000Z", -420, -480],
  ["Europe/Berlin", "2026-03-29T01:00:00.000Z", 60, 120],
  ["Australia/Lord_Howe", "2026-04-04T15:00:00.000Z", 660, 630],
  ["Pacific/Apia", "2011-12-30T10:00:00.000Z", -600, 840],
])("on the day on which %s changes its clocks, the change is at %s", (zone, moment, before, after) => {
  const change = Date.parse(moment);
  const dayLater = offsetMinutes(toTimestamp(change + 86_400_000), zone);

  expect(offsetMinutes(toTimestamp(change - 1), zone)).toBe(before);
  expect(offsetMinutes(toTimestamp(change), zone)).toBe(after);
  expect(dayLater).toBe(after);
});

test("days that were forgotten, since there were too many, are what they were", () => {
  const show = (day: number) => {
    const moment = toTimestamp(day * 86_400_000);
    return `${offsetMinutes(moment, "Asia/Kolkata")} ${formatDate(moment, { offsetMinutes: 0, language: "en" })}`;
  };

  const first = show(0);
  for (let day = 1; day <= MAX_KEPT_DAYS; day += 1) show(day);

  expect(show(0)).toBe(first);
  expect(first).toBe("330 January 1, 1970");
});

test("an offset from before standard time is rounded to whole minutes, which is all that RFC 3339 can write", () => {
  expect(offsetMinutes(at("1800-01-01T00:00:00.000Z"), "Asia/Kolkata")).toBe(353);
});

test.each([
  [-480, "2026-01-15", "04:00:00", "2026-01-15T04:00:00-08:00"],
  [840, "2026-01-16", "02:00:00", "2026-01-16T02:00:00+14:00"],
  [-210, "2026-01-15", "08:30:00", "2026-01-15T08:30:00-03:30"],
  [-30, "2026-01-15", "11:30:00", "2026-01-15T11:30:00-00:30"],
  [0, "2026-01-15", "12:00:00", "2026-01-15T12:00:00+00:00"],
])("a moment is written on clocks %i minutes from UTC", (minutes, date, time, iso) => {
  expect(toLocal(WINTER, minutes)).toEqual({ date, time, iso });
});

describe("what a clock shows becomes a moment", () => {
  test.each([
    ["2026-11-21T14:30", "America/Los_Angeles", "2026-11-21T22:30:00.000Z"],
    ["2026-11-21T14:30:05", "Asia/Kolkata", "2026-11-21T09:00:05.000Z"],
    ["2026-11-21 14:30:05.250", "UTC", "2026-11-21T14:30:05.000Z"],
    ["2026-11-21", "Pacific/Kiritimati", "2026-11-20T10:00:00.000Z"],
    ["2024-02-29T00:00", "Etc/GMT+12", "2024-02-29T12:00:00.000Z"],
  ])("%s in %s", (text, zone, moment) => {
    expect(fromLocal(text, zone)).toBe(moment);
  });

  test.each([
    ["2026-03-08T02:30", "America/Los_Angeles", "03:30:00"],
    ["2026-03-29T02:00", "Europe/Berlin", "03:00:00"],
    ["2026-10-04T02:10", "Australia/Lord_Howe", "02:40:00"],
  ])("%s, which %s skips, moves forward by the gap", (text, zone, time) => {
    const moment = fromLocal(text, zone);

    expect(toLocal(moment, offsetMinutes(moment, zone)).time).toBe(time);
  });

  test("a day that a zone skipped whole moves to the day after", () => {
    expect(fromLocal("2011-12-30T12:00", "Pacific/Apia")).toBe("2011-12-30T22:00:00.000Z");
  });

  test.each([
    ["2026-11-01T01:30", "America/Los_Angeles", "2026-11-01T08:30:00.000Z"],
    ["2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30:00.000Z"],
    ["2026-04-05T01:45", "Australia/Lord_Howe", "2026-04-04T14:45:00.000Z"],
  ])("%s, which %s shows twice, is the first of the two", (text, zone, moment) => {
    expect(fromLocal(text, zone)).toBe(moment);
  });

  test.each([
    "",
    "yesterday",
    "2026-02-30T10:00",
    "2026-13-01",
    "2026-00-01",
    "2026-11-21T24:00",
    "2026-11-21T10:60",
    "2026-11-21T10:00:60",
    "2026-11-21T10:00Z",
    "12026-11-21",
  ])("%j is refused with the field at fault", (text) => {
    expect(() => fromLocal(text, "UTC", "published")).toThrow(
      expect.objectContaining({ code: "invalid", field: "published" }),
    );
  });

  test("every moment comes back from its own local time, but for an hour shown twice", () => {
    const moments = fc
      .date({ min: new Date("1971-01-01"), max: new Date("2037-12-31"), noInvalidDate: true })
      .map((date) => toTimestamp(Math.floor(date.getTime() / 1000) * 1000));
    const zones = fc.constantFrom("Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Africa/Casablanca");

    fc.assert(
      fc.property(moments, zones, (moment, zone) => {
        const { date, time } = toLocal(moment, offsetMinutes(moment, zone));
        const back = fromLocal(`${date}T${time}`, zone);
        const repeated = toLocal(back, offsetMinutes(back, zone));

        expect({ date: repeated.date, time: repeated.time }).toEqual({ date, time });
        expect(back <= moment).toBe(true);
      }),
    );
  });
});

test.each([
  ["Europe/Berlin", true],
  ["UTC", true],
  ["Etc/GMT+12", true],
  ["", false],
  ["+02:00", false],
  ["Mars/Olympus", false],
  ["Europe/Berlin\n", false],
])("whether %j is a time zone: %j", (name, expected) => {
  expect(isTimeZone(name)).toBe(expected);
});

test("all zones to choose from are zones, each named once, UTC first", () => {
  const zones = timeZones();

  expect(zones[0]).toBe("UTC");
  expect(zones.length).toBeGreaterThan(400);
  expect(new Set(zones).size).toBe(zones.length);
  expect(zones.filter((zone) => !isTimeZone(zone))).toEqual([]);
});

describe("a date for people", () => {
  const late = at("2026-11-21T23:30:00.000Z");

  test.each([
    ["en", "November 22, 2026"],
    ["de", "22. November 2026"],
    ["ja", "2026年11月22日"],
    ["he", "22 בנובמבר 2026"],
    ["ar-EG", "٢٢ نوفمبر ٢٠٢٦"],
    ["fa", "۲۲ نوامبر ۲۰۲۶"],
    ["th", "22 พฤศจิกายน ค.ศ. 2026"],
    ["zh-Hant", "2026年11月22日"],
  ])("in %s is Gregorian and on the author's clock", (language, words) => {
    expect(formatDate(late, { offsetMinutes: 60, language })).toBe(words);
  });

  test("follows a calendar that the language tag names", () => {
    expect(formatDate(late, { offsetMinutes: 0, language: "fa-u-ca-persian" })).toBe("۳۰ آبان ۱۴۰۵");
  });

  test.each(["xx", "not a tag", "", "e", "-"])("in the unknown language %j is English", (language) => {
    expect(formatDate(late, { offsetMinutes: 0, language })).toBe("November 21, 2026");
  });

  test("can show the time of day, or the month alone", () => {
    const style = { offsetMinutes: 330, language: "de" };

    expect(formatDate(late, { ...style, show: "date-time" })).toBe("22. November 2026 um 05:00");
    expect(formatDate(late, { ...style, show: "month" })).toBe("November 2026");
    expect(formatDate(late, { ...style, show: "month-name" })).toBe("November");
  });

  test("stays right when more languages are asked for than formatters are kept", () => {
    const languages = Array.from({ length: 150 }, (_, i) => `de-x-a${i}`);

    const words = new Set(languages.map((language) => formatDate(late, { offsetMinutes: 0, language })));

    expect(words).toEqual(new Set(["21. November 2026"]));
  });
});
