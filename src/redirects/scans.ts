import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";

/**
 * What programs ask every site for that look for holes, by groups: the log of what was not found counts each group as
 * one, so that it has room for what readers miss. The words are shown to the author, and begin with no slash.
 */
const SCANS: readonly { readonly pattern: RegExp; readonly group: Words }[] = [
  { pattern: /(?:^|\/)(?:wp-|wordpress|xmlrpc)/iu, group: said`WordPress` },
  {
    pattern: /\.(?:php\d?|phtml|aspx?|ashx|jspx?|cgi|cfm|do|action|exe|dll)(?:\/|$)/iu,
    group: said`Programs (.php, .asp, .cgi)`,
  },
  { pattern: /\/\.(?!well-known(?:\/|$))/u, group: said`Hidden files (.env, .git)` },
  {
    pattern: /\.(?:env|sql|sqlite|db|bak|old|swp|ini|conf|config|log|pem|key|ya?ml|zip|rar|7z|t?gz|tar)$/iu,
    group: said`Backups and settings`,
  },
  {
    pattern:
      /^\/(?:cgi-bin|phpmyadmin|pma|adminer|administrator|actuator|vendor|solr|owa|ecp|geoserver|hnap1|boaform|console|manager|remote|telescope|_ignition|server-status)(?:\/|$)/iu,
    group: said`Other programs`,
  },
];

/** The group of a path that only a scanner asks for, in English, as it is stored; undefined for all others. */
export function scanGroup(path: string): string | undefined {
  return SCANS.find(({ pattern }) => pattern.test(path))?.group.toString();
}
