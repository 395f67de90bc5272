/** Characters of a user agent that are looked at. */
export const MAX_USER_AGENT_LENGTH = 300;

/** Longest name of a program that is kept, in characters. */
export const MAX_PROGRAM_LENGTH = 40;

/** Most subscribers that one program is believed to have; one that claims more counts as one reader. */
export const MAX_DECLARED_SUBSCRIBERS = 1_000_000;

/** A program that reads a feed for somebody. */
export type FeedAgent = {
  /** Without its version, so that it stays the same. */
  readonly program: string;
  /** For how many people it reads; undefined when it does not say. */
  readonly subscribers: number | undefined;
  /** What it calls the feed; undefined when it does not. */
  readonly feedId: string | undefined;
};

/** Robots, monitors, tools and libraries: they read for nobody, unless they say for how many. */
const NO_READER =
  /bot\b|bots\b|crawl|spider|slurp|archive|monitor|uptime|pingdom|probe|scan|check|preview|validator|headless|lighthouse|facebookexternalhit|\b(curl|wget|python|java|perl|ruby|php|node|undici|axios|okhttp|libwww|httpie|go-http-client|apache-httpclient)\b/i;

/** A person who looks at the feed in a browser is no subscriber. */
const BROWSER = /^Mozilla\/.*(Gecko\/|AppleWebKit\/|Trident\/)/;
const READER_IN_BROWSER_CLOTHES = /Thunderbird|RSS|feed|reader|news/i;

const SUBSCRIBERS = /\b(\d{1,15}) (?:subscribers?|readers?)\b|\bsubscribers?[:=] ?(\d{1,15})\b/i;
const FEED_ID = /\bfeed[-_ ]?id[:=] ?([\w.-]{1,64})/i;

/** Characters that are no text: control, invisible and unassigned ones. */
const NO_TEXT = /\p{C}/gu;

/**
 * Reads what a feed reader says of itself in `User-Agent`: "Feedly/1.0 (+https://feedly.com/; 42 subscribers)". Undefined
 * for whoever is no subscriber: robots, monitors, libraries and browsers that name no number, and those that say nothing.
 */
export function parseFeedAgent(userAgent: string): FeedAgent | undefined {
  const text = userAgent.slice(0, MAX_USER_AGENT_LENGTH).replace(NO_TEXT, "");
  const subscribers = parseSubscribers(text);
  const program = parseProgram(text);
  if (program === "" || (subscribers === undefined && readsForNobody(text))) return undefined;
  return { program, subscribers, feedId: FEED_ID.exec(text)?.[1] };
}

function parseSubscribers(text: string): number | undefined {
  const [, before, after] = SUBSCRIBERS.exec(text) ?? [];
  const number = Number(before ?? after ?? Number.NaN);
  return number <= MAX_DECLARED_SUBSCRIBERS ? number : undefined;
}

function readsForNobody(text: string): boolean {
  return NO_READER.test(text) || (BROWSER.test(text) && !READER_IN_BROWSER_CLOTHES.test(text));
}

/** The first words, up to a version or a remark; "Mozilla/5.0 (compatible; NAME" is how old programs are shy. */
function parseProgram(text: string): string {
  const disguised = /^Mozilla\/[\d.]+ \(compatible; ?([^;)]+)/.exec(text)?.[1] ?? /\bThunderbird\b/.exec(text)?.[0];
  const [name = ""] = (disguised ?? text).split(/[/(;,:"<>]| - | v?\d|\bfeed[-_ ]?id\b/i);
  return name.trim().slice(0, MAX_PROGRAM_LENGTH).trim();
}
