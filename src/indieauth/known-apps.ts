/** Hosts of apps that are known to send Markdown as their text. Nothing hangs on it but which box is ticked at first. */
const MARKDOWN_APPS = ["micro.blog", "ia.net", "getdrafts.com", "obsidian.md", "ulysses.app"];

/** Whether an app is known to write Markdown, by the host of its client_id. */
export function isKnownForMarkdown(clientId: string): boolean {
  const { hostname } = new URL(clientId);
  return MARKDOWN_APPS.some((host) => hostname === host || hostname.endsWith(`.${host}`));
}
