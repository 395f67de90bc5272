import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";

/** Most specific first: nearly every browser also claims to be Mozilla, Chrome and Safari. */
const BROWSERS: readonly [RegExp, string][] = [
  [/\bEdg(?:e|A|iOS)?\//, "Edge"],
  [/\bOPR\/|\bOpera\b/, "Opera"],
  [/\bVivaldi\//, "Vivaldi"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\b(?:Firefox|FxiOS)\//, "Firefox"],
  [/\b(?:Chrome|CriOS|Chromium)\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];

const SYSTEMS: readonly [RegExp, string][] = [
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bWindows\b/, "Windows"],
  [/\bMac(?:intosh| OS X)\b/, "macOS"],
  [/\bLinux\b/, "Linux"],
];

const NAMELESS = said`A program without a name`;

/** A browser's name for people, from what it calls itself: "Firefox on Linux". As text, it is English: so it is stored. */
export function deviceName(userAgent: string): Words {
  const browser = nameIn(BROWSERS, userAgent);
  const system = nameIn(SYSTEMS, userAgent);
  if (browser !== undefined && system !== undefined) return said`${browser} on ${system}`;
  return browser ?? system ?? (userAgent.slice(0, 60) || NAMELESS);
}

/** The same for a name that was stored. */
export function storedDeviceName(name: string): Words {
  const [browser, system = ""] = name.split(" on ", 2);
  const isOurs = BROWSERS.some(([, each]) => each === browser) && SYSTEMS.some(([, each]) => each === system);
  if (browser !== undefined && isOurs) return said`${browser} on ${system}`;
  return name === NAMELESS.id ? NAMELESS : name;
}

function nameIn(names: readonly [RegExp, string][], userAgent: string): string | undefined {
  return names.find(([pattern]) => pattern.test(userAgent))?.[1];
}
