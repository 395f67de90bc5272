import type { IncomingMessage, RequestListener } from "node:http";
import type { Context } from "../context/context.ts";
import type { DailyCount, FeedName } from "../monitoring/daily-counts.ts";
import type { Visits } from "../monitoring/visits.ts";
import { createClientAddress } from "./client-address.ts";
import { whenOut } from "./when-out.ts";

const FEED = /^(\/tags\/[^/?]+)?\/feed\.(xml|atom|json)(?:\?|$)/;
const FORMATS: Readonly<Record<string, FeedName>> = { xml: "rss", atom: "atom", json: "json" };

/** Statuses from the first on are refusals, from the second on failures of ours. */
const [REFUSED, FAILED] = [400, 500];

/** Takes the status of an answer, once it is out. */
type WhenAnswered = (status: number) => void;

/**
 * Counts feeds, searches and logins for the numbers of the blog, whoever answers them: it stands before the page cache.
 * Everything else passes it at the price of a look at its address. A request that never got an answer does not count.
 */
export function countVisits(
  { config }: Pick<Context, "config">,
  visits: Visits,
  listener: RequestListener,
): RequestListener {
  // Without a proxy the address need not be understood before it is hashed, a minute later.
  const clientAddress =
    config.TRUST_PROXY === false
      ? (req: IncomingMessage) => req.socket.remoteAddress ?? ""
      : createClientAddress(config.TRUST_PROXY);
  return (req, res) => {
    const tell = whatToCount(req, visits, clientAddress);
    listener(req, res);
    if (tell === undefined) return;
    whenOut(res, () => {
      if (res.headersSent) tell(res.statusCode);
    });
  };
}

function whatToCount(
  req: IncomingMessage,
  visits: Visits,
  clientAddress: (req: IncomingMessage) => string,
): WhenAnswered | undefined {
  const { method, url = "" } = req;
  if (method === "GET" && url.includes("/feed.")) return feedCount(req, visits, clientAddress);
  if (method === "GET" && url.startsWith("/search?")) return hasQuery(url) ? endCount("search", visits) : undefined;
  if (method === "POST" && (url === "/login" || url.startsWith("/login?"))) return endCount("login", visits);
  return undefined;
}

function feedCount(
  req: IncomingMessage,
  visits: Visits,
  clientAddress: (req: IncomingMessage) => string,
): WhenAnswered | undefined {
  const [matched, tagPath, extension = ""] = FEED.exec(req.url ?? "") ?? [];
  const format = FORMATS[extension];
  if (matched === undefined || format === undefined) return undefined;
  const address = clientAddress(req); // A closed connection has lost it.
  const feed: `${"feed" | "tag_feed"}.${FeedName}` = `${tagPath === undefined ? "feed" : "tag_feed"}.${format}`;
  return (status) => {
    const answer = ({ 200: "sent", 304: "not_modified" } as const)[status];
    if (answer === undefined) return;
    visits.count(`${feed}.${answer}`);
    visits.meetReader({ path: matched.replace("?", ""), address, userAgent: req.headers["user-agent"] ?? "" });
  };
}

function endCount(name: "search" | "login", visits: Visits): WhenAnswered {
  const done: DailyCount = `${name}.done`;
  const refused: DailyCount = `${name}.refused`;
  return (status) => {
    if (status < FAILED) visits.count(status < REFUSED ? done : refused);
  };
}

/** The page with an empty field is no search. */
function hasQuery(url: string): boolean {
  return (new URLSearchParams(url.slice(url.indexOf("?") + 1)).get("q") ?? "").trim() !== "";
}
