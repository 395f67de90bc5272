import { isUrl } from "../lib/is-url.ts";

/** Hosts of apps that are known to send Markdown as their text. Nothing hangs on it but which box is ticked at first. */
const MARKDOWN_APPS = ["micro.blog", "ia.net", "getdrafts.com", "obsidian.md", "ulysses.app"];

/** Hosts of apps that send their token in the header and, the same again, in the form: Quill and its sisters. */
const TWICE_APPS = ["p3k.io", "ownyourgram.com", "indiebookclub.biz"];

/** Whether an app is known to write Markdown, by the host of its client_id. */
export function isKnownForMarkdown(clientId: string): boolean {
  return isAmong(MARKDOWN_APPS, clientId);
}

/** Whether an app is known to send its token twice in one request. */
export function isKnownForTwoTokens(clientId: string): boolean {
  return isAmong(TWICE_APPS, clientId);
}

function isAmong(hosts: readonly string[], clientId: string): boolean {
  const hostname = isUrl(clientId) ? new URL(clientId).hostname : "";
  return hosts.some((host) => hostname === host || hostname.endsWith(`.${host}`));
}
