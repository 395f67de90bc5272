import { expect, test } from "vitest";
import {
  MAX_DECLARED_SUBSCRIBERS,
  MAX_PROGRAM_LENGTH,
  MAX_USER_AGENT_LENGTH,
  parseFeedAgent,
} from "../../src/monitoring/feed-agent.ts";

const CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";

test.each([
  [
    "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 42 subscribers; like FeedFetcher-Google)",
    "Feedly",
    42,
    undefined,
  ],
  ["Feedbin feed-id:1373711 - 12 subscribers", "Feedbin", 12, "1373711"],
  ["Inoreader/1.0 (+http://www.inoreader.com/feed-fetcher; 5 subscribers; )", "Inoreader", 5, undefined],
  [
    `NewsBlur Feed Fetcher - 1 subscriber - http://www.newsblur.com/site/1/x (${CHROME})`,
    "NewsBlur Feed Fetcher",
    1,
    undefined,
  ],
  ["Mozilla/5.0 (compatible; theoldreader.com; 6 subscribers; feed-id=5af1)", "theoldreader.com", 6, "5af1"],
  ["Mozilla/5.0 (compatible; BazQux/2.4; +https://bazqux.com/fetcher; 2 subscribers)", "BazQux", 2, undefined],
  ["Feed Wrangler/1.0 (1 subscriber; feed-id=1234; https://feedwrangler.net)", "Feed Wrangler", 1, "1234"],
  ["SomeBot/2.0 (subscribers: 7)", "SomeBot", 7, undefined],
])("%s reads for many", (userAgent, program, subscribers, feedId) => {
  expect(parseFeedAgent(userAgent)).toEqual({ program, subscribers, feedId });
});

test.each([
  ["FreshRSS/1.24.0 (Linux; https://freshrss.org)", "FreshRSS"],
  ["Mozilla/5.0 (compatible; Miniflux/2.2.0; +https://miniflux.app)", "Miniflux"],
  ["NetNewsWire (RSS Reader; https://netnewswire.com/)", "NetNewsWire"],
  ["Tiny Tiny RSS/21.05 (https://tt-rss.org/)", "Tiny Tiny RSS"],
  ["Newsboat 2.30 (Linux x86_64)", "Newsboat"],
  ["Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Thunderbird/128.0", "Thunderbird"],
])("%s reads for one", (userAgent, program) => {
  expect(parseFeedAgent(userAgent)).toEqual({ program, subscribers: undefined, feedId: undefined });
});

test.each([
  "",
  "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
  "Superfeedr bot/2.0 http://superfeedr.com - feed-id:3423",
  "Feedly-Spider/1.0",
  "Uptime-Kuma/1.23",
  "curl/8.5.0",
  "python-requests/2.32",
  "Go-http-client/1.1",
  CHROME,
  "/1.0",
  "\u0000\u001b\u0085",
])("%j is no subscriber", (userAgent) => {
  expect(parseFeedAgent(userAgent)).toBeUndefined();
});

test("of a hostile user agent little is kept, and nothing that is no text", () => {
  const name = "x".repeat(MAX_PROGRAM_LENGTH);

  const long = parseFeedAgent(`${name}y/1.0`);
  const fitting = parseFeedAgent(`${name}/1.0`);
  const controls = parseFeedAgent("Fee\u0000d\u001b[31m\u0085er/1.0 (5 subscribers)");
  const hidden = parseFeedAgent(`Feeder/1.0 ${" ".repeat(MAX_USER_AGENT_LENGTH)}(5 subscribers)`);

  expect([long?.program, fitting?.program]).toEqual([name, name]);
  expect(controls).toMatchObject({ program: "Feed[31mer", subscribers: 5 });
  expect(hidden).toMatchObject({ program: "Feeder", subscribers: undefined });
});

test("a number of subscribers is believed up to a limit", () => {
  const declared = (count: number) => parseFeedAgent(`Feeder/1.0 (${count} subscribers)`)?.subscribers;

  expect(declared(MAX_DECLARED_SUBSCRIBERS)).toBe(MAX_DECLARED_SUBSCRIBERS);
  expect(declared(MAX_DECLARED_SUBSCRIBERS + 1)).toBeUndefined();
  expect(declared(0)).toBe(0);
});
