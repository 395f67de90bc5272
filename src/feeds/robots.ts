import { createUrls, paths } from "../lib/urls.ts";
import type { RobotsPolicy } from "../site/robots.ts";
import { TRAINING_CRAWLERS } from "./training-crawlers.ts";

/** What pages say to robots where the author refuses training. Few listen; it costs a line. */
export const NO_TRAINING_META = "noai, noimageai";

/**
 * Writes `/robots.txt`: what is no page for readers stays out of search engines; by the author's choice crawlers that
 * collect texts to train models are refused, or everybody.
 * @see https://www.rfc-editor.org/rfc/rfc9309
 * @see https://contentsignals.org/
 */
export function writeRobots(siteUrl: string, policy: RobotsPolicy): string {
  if (policy === "none") return "User-agent: *\nDisallow: /\n";
  const hidden = [paths.admin(), paths.login(), paths.setup(), paths.search(), paths.random()];
  const rules = hidden.map((path) => `Disallow: ${path}\n`).join("");
  const signal = policy === "no-training" ? "Content-Signal: search=yes, ai-train=no\n" : "";
  const refused = policy === "no-training" ? `\n${refuseAll(TRAINING_CRAWLERS)}` : "";
  return `User-agent: *\n${signal}${rules}${refused}\nSitemap: ${createUrls(siteUrl).sitemap()}\n`;
}

/**
 * Writes `/.well-known/tdmrep.json`: the right to text and data mining is reserved for the whole site.
 * @see https://www.w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240510/
 */
export function writeTdmReservation(): string {
  return `${JSON.stringify([{ location: "/", "tdm-reservation": 1 }])}\n`;
}

function refuseAll(agents: readonly string[]): string {
  return `${agents.map((agent) => `User-agent: ${agent}\n`).join("")}Disallow: /\n`;
}
