import { expect, test } from "vitest";
import { findCatalogue } from "../../src/lib/catalogue.ts";
import { inWords } from "../../src/lib/words.ts";
import { deviceName, storedDeviceName } from "../../src/web/device-name.ts";

const WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)";

test.each([
  ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"],
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${WEBKIT} Chrome/140.0.0.0 Safari/537.36`, "Chrome on Windows"],
  [`Mozilla/5.0 (Windows NT 10.0) ${WEBKIT} Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0`, "Edge on Windows"],
  [`Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${WEBKIT} Version/18.0 Safari/605.1.15`, "Safari on macOS"],
  [`Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) ${WEBKIT} Version/18.0 Safari/604.1`, "Safari on iPhone"],
  [`Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) ${WEBKIT} CriOS/140.0 Safari/604.1`, "Chrome on iPhone"],
  [
    `Mozilla/5.0 (Linux; Android 15) ${WEBKIT} SamsungBrowser/28.0 Chrome/130.0 Safari/537.36`,
    "Samsung Internet on Android",
  ],
  ["Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox on Android"],
  ["curl/8.5.0", "curl/8.5.0"],
  ["x".repeat(100), "x".repeat(60)],
  ["", "A program without a name"],
])("%s is shown as %s", (userAgent, name) => {
  const shown = deviceName(userAgent);

  expect(`${shown}`).toBe(name);
  expect(`${storedDeviceName(`${shown}`)}`).toBe(name);
});

test("a device is German on a German page, also where its name was stored", () => {
  const names = () => [deviceName("Firefox/140.0 Linux"), storedDeviceName("Firefox on Linux"), deviceName("")];

  expect(inWords(findCatalogue("de"), () => names().map(String))).toEqual([
    "Firefox auf Linux",
    "Firefox auf Linux",
    "Ein Programm ohne Namen",
  ]);
  expect(`${storedDeviceName("Bot on wheels")}`).toBe("Bot on wheels");
});
