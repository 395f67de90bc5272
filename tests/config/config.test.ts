import { resolve } from "node:path";
import { expect, test } from "vitest";
import { isDefaultSiteUrl, loadConfig, OPTION_NAMES } from "../../src/config/config.ts";
import { ConfigError } from "../../src/config/config-error.ts";
import { MAX_PURGE_URLS } from "../../src/config/parse-option.ts";
import { listIgnored } from "../../src/config/unknown-keys.ts";

function problemsOf(env: Record<string, string>): string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ variable }) => variable);
  }
  return [];
}

function messageOf(env: Record<string, string>): string {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
  }
  return "";
}

test("an empty environment gives the documented defaults", () => {
  const config = loadConfig({});

  expect(config).toEqual({
    HOST: "127.0.0.1",
    PORT: 3000,
    DATA_DIR: resolve("data"),
    SITE_URL: "http://localhost:3000",
    TRUST_PROXY: false,
    LOG_LEVEL: "info",
    LOG_DIR: resolve("data/logs"),
    METRICS_ENABLED: true,
    METRICS_SAMPLING_RATE: { http: 1, database: 1, render: 1, job: 1, fetch: 1 },
    METRICS_BUFFER_SIZE: 1000,
    METRICS_SLOW_MS: 100,
    DB_POOL_SIZE: 5,
    FEED_ITEMS: 50,
    FEED_CACHE_SECONDS: 300,
    CDN_TAGS: false,
    CACHE_PURGE_URLS: [],
    ALLOW_PRIVATE_NETWORK: false,
  });
});

test("an option that is empty or blank counts as unset", () => {
  expect(loadConfig({ PORT: "", SITE_URL: "  " })).toEqual(loadConfig({}));
});

test("the defaults of SITE_URL and LOG_DIR follow PORT and DATA_DIR", () => {
  const config = loadConfig({ PORT: "8080", DATA_DIR: "/srv/blog" });

  expect(config.SITE_URL).toBe("http://localhost:8080");
  expect(config.LOG_DIR).toBe("/srv/blog/logs");
  expect(isDefaultSiteUrl(config)).toBe(true);
  expect(isDefaultSiteUrl(loadConfig({ SITE_URL: "https://blog.example" }))).toBe(false);
});

test("the real environment of this process is accepted", () => {
  const names = new Set<string>(OPTION_NAMES);
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !names.has(name)));

  expect(problemsOf(env as Record<string, string>)).toEqual([]);
});

test.each([
  ["https://Blog.Example", "https://blog.example"],
  ["https://blog.example/", "https://blog.example"],
  ["https://blog.example:443", "https://blog.example"],
  ["http://bücher.example:8080", "http://xn--bcher-kva.example:8080"],
])("SITE_URL %s is taken as %s", (text, origin) => {
  expect(loadConfig({ SITE_URL: text }).SITE_URL).toBe(origin);
});

test.each([
  ["blog.example"],
  ["ftp://blog.example"],
  ["https://blog.example/notes"],
  ["https://blog.example?x=1"],
  ["https://blog.example/#top"],
  ["https://author:secret@blog.example"],
  ["https://"],
])("SITE_URL %s is refused", (text) => {
  expect(problemsOf({ SITE_URL: text })).toEqual(["SITE_URL"]);
});

test.each(["all", "ALL"])("FEED_ITEMS takes %s for every note", (text) => {
  expect(loadConfig({ FEED_ITEMS: text }).FEED_ITEMS).toBe("all");
});

test.each([
  ["PORT", "1", "65535", ["0", "65536", "-1", "80.5", "0x50", "eighty"]],
  ["DB_POOL_SIZE", "1", "64", ["0", "65", "five"]],
  ["FEED_ITEMS", "1", "200", ["0", "201", "every", "2e1"]],
  ["FEED_CACHE_SECONDS", "0", "86400", ["-1", "86401", "1h"]],
] as const)("%s takes numbers from %s to %s and no other", (name, least, most, refused) => {
  expect(loadConfig({ [name]: least })[name]).toBe(Number(least));
  expect(loadConfig({ [name]: most })[name]).toBe(Number(most));
  expect(refused.map((text) => problemsOf({ [name]: text }))).toEqual(refused.map(() => [name]));
});

test.each([
  ["none", []],
  ["off", []],
  ["http://127.0.0.1:6081", ["http://127.0.0.1:6081/"]],
  ["http://edge:6081/ https://Purger.example/site", ["http://edge:6081/", "https://purger.example/site"]],
  ["http://a.example/,http://b.example/, http://a.example", ["http://a.example/", "http://b.example/"]],
])("CACHE_PURGE_URLS %s is understood", (text, urls) => {
  expect(loadConfig({ CACHE_PURGE_URLS: text }).CACHE_PURGE_URLS).toEqual(urls);
});

test.each([
  "127.0.0.1:6081",
  "ftp://a.example/",
  "http://user:secret@a.example/",
  "http://a.example/?x",
  "http://a.example/#x",
  "http://a.example/ none",
])("CACHE_PURGE_URLS %s is refused", (text) => {
  expect(problemsOf({ CACHE_PURGE_URLS: text })).toEqual(["CACHE_PURGE_URLS"]);
});

test("CACHE_PURGE_URLS takes as many addresses as it may name, and not one more", () => {
  const urls = Array.from({ length: MAX_PURGE_URLS + 1 }, (_, index) => `http://edge-${index}.example/`);

  expect(loadConfig({ CACHE_PURGE_URLS: urls.slice(1).join(" ") }).CACHE_PURGE_URLS).toEqual(urls.slice(1));
  expect(problemsOf({ CACHE_PURGE_URLS: urls.join(" ") })).toEqual(["CACHE_PURGE_URLS"]);
});

test.each([
  ["off", false],
  ["FALSE", false],
  ["0", false],
  ["1", 1],
  ["10", 10],
  ["loopback", ["loopback"]],
  ["loopback, 10.0.0.0/8,2001:db8::1", ["loopback", "10.0.0.0/8", "2001:db8::1"]],
])("TRUST_PROXY %s is understood", (text, value) => {
  expect(loadConfig({ TRUST_PROXY: text }).TRUST_PROXY).toEqual(value);
});

test.each([
  "true",
  "all",
  "11",
  "10.0.0.0/33",
  "10.0.0.0/0",
  "::/0",
  "10.0.0.0/",
  "10.0.0/8",
  "proxy.example",
  "10.0.0.1,",
])("TRUST_PROXY %s is refused", (text) => {
  expect(problemsOf({ TRUST_PROXY: text })).toEqual(["TRUST_PROXY"]);
});

test.each(["0.0.0.0", "::", "localhost", "[::1]"])("HOST %s is taken", (text) => {
  expect(loadConfig({ HOST: text }).HOST).toBe(text.replace(/[[\]]/g, ""));
});

test.each(["http://localhost", "localhost:3000", "a b", "-x", "1.2.3.4/8"])("HOST %s is refused", (text) => {
  expect(problemsOf({ HOST: text })).toEqual(["HOST"]);
});

test("every problem is told at once, each with variable, value, reason and remedy", () => {
  const env = { PORT: "http", SITE_URL: "blog", LOG_LEVEL: "loud", ALLOW_PRIVATE_NETWORK: "maybe", FEED_ITEM: "20" };

  const lines = messageOf(env).split("\n").slice(1);

  expect(lines).toEqual([
    '  PORT="http": it is not a whole number in range. Use a number from 1 to 65535.',
    '  SITE_URL="blog": it is not a URL. Use the address readers type, for example https://blog.example.',
    '  LOG_LEVEL="loud": there is no such level. Use one of trace, debug, info, warn, error, silent.',
    '  ALLOW_PRIVATE_NETWORK="maybe": it is neither true nor false. Use true or false.',
    '  FEED_ITEM="20": there is no such option. Did you mean FEED_ITEMS? Rename it, or unset it.',
  ]);
});

test("a password in a URL is not repeated in the message", () => {
  expect(messageOf({ SITE_URL: "https://author:secret@blog.example" })).not.toContain("secret");
});

test.each([
  ["SITE_URI", "SITE_URL"],
  ["SITEURL", "SITE_URL"],
  ["site_url", "SITE_URL"],
  ["LOG_LEVL", "LOG_LEVEL"],
  ["DATADIR", "DATA_DIR"],
  ["POTR", "PORT"],
  ["HOSTS", "HOST"],
  ["TRUSTPROXY", "TRUST_PROXY"],
  ["FEED_CACHE_SECOND", "FEED_CACHE_SECONDS"],
  ["FEED_COUNT", "FEED_ITEMS"],
])("the key %s stops the start and names %s", (key, nearest) => {
  expect(messageOf({ [key]: "x" })).toContain(`Did you mean ${nearest}?`);
});

test("a key of metrics that is no option stops the start: nothing is silently not measured", () => {
  expect(messageOf({ METRICS_SAMPLING_RATES: "1" })).toContain("Did you mean METRICS_SAMPLING_RATE?");
});

test("a sampling rate is one number, or one by type; a type in the plural is refused with the right word", () => {
  const { METRICS_SAMPLING_RATE } = loadConfig({ METRICS_SAMPLING_RATE: "database=0.1,http=0" });

  expect(METRICS_SAMPLING_RATE).toEqual({ http: 0, database: 0.1, render: 1, job: 1, fetch: 1 });
  expect(messageOf({ METRICS_SAMPLING_RATE: "databases=1" })).toContain("Did you mean database?");
  expect(messageOf({ METRICS_SAMPLING_RATE: "1.01" })).toContain("Use a number from 0 to 1");
});

test.each([
  ["METRICS_BUFFER_SIZE", ["1", "100000"], ["0", "100001"]],
  ["METRICS_SLOW_MS", ["1", "3600000"], ["0", "3600001"]],
])("%s is taken at its limits and refused past them", (name, taken, refused) => {
  expect(taken.map((value) => problemsOf({ [name]: value }))).toEqual([[], []]);
  for (const value of refused) expect(messageOf({ [name]: value })).toContain("Use a number from 1 to");
});

test.each(["HOME", "PATH", "PWD", "OS", "ROOT", "HOSTNAME", "NODE_ENV", "npm_config_port", "SITE", "DB_HOST"])(
  "the key %s, which others set, does not stop the start",
  (key) => {
    expect(problemsOf({ [key]: "x" })).toEqual([]);
  },
);

test("keys of ours in spirit, which platforms inject, are only warned about", () => {
  const env = { DB_HOST: "db", LOG_FORMAT: "json", SITE_NAME: "x", SITE_URL: "https://blog.example", HOME: "/root" };

  const ignored = listIgnored(env, OPTION_NAMES).map((sentence) => sentence.split(" ")[0]);

  expect(ignored).toEqual(["DB_HOST", "LOG_FORMAT", "SITE_NAME"]);
});
