import type { JobKind } from "./job.ts";

/** How often a kind of job is tried, and how the pauses between grow: fourfold from the first to the longest. */
export type RetryRule = {
  readonly attemptsMax: number;
  readonly firstPauseSeconds: number;
  readonly longestPauseSeconds: number;
};

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** Longest pause that another server may ask for, in seconds. */
export const MAX_RETRY_AFTER_SECONDS = 24 * HOUR;

/** The rule of each kind: a remote server may be down for half a day, our own work fails only with the machine. */
export const RETRY_RULES: Readonly<Record<JobKind, RetryRule>> = {
  "audit.purge": { attemptsMax: 5, firstPauseSeconds: MINUTE, longestPauseSeconds: 10 * MINUTE },
  // An edge shows old pages meanwhile; the last attempt comes after a day.
  "cache.purge": { attemptsMax: 400, firstPauseSeconds: 1, longestPauseSeconds: 5 * MINUTE },
  "backup.make": { attemptsMax: 1, firstPauseSeconds: 0, longestPauseSeconds: 0 },
  "backup.scheduled": { attemptsMax: 3, firstPauseSeconds: 10 * MINUTE, longestPauseSeconds: HOUR },
  "media.copy_remote_image": { attemptsMax: 6, firstPauseSeconds: MINUTE, longestPauseSeconds: 6 * HOUR },
  "media.make_variants": { attemptsMax: 5, firstPauseSeconds: MINUTE, longestPauseSeconds: HOUR },
  "metrics.add_up_hours": { attemptsMax: 5, firstPauseSeconds: MINUTE, longestPauseSeconds: HOUR },
  "notes.change_tag": { attemptsMax: 10, firstPauseSeconds: 5, longestPauseSeconds: HOUR },
  "notes.fetch_citation": { attemptsMax: 5, firstPauseSeconds: MINUTE, longestPauseSeconds: 6 * HOUR },
  "notes.count": { attemptsMax: 10, firstPauseSeconds: 5, longestPauseSeconds: HOUR },
  "notes.digest": { attemptsMax: 10, firstPauseSeconds: 5, longestPauseSeconds: HOUR },
  "notes.publish_scheduled": { attemptsMax: 100, firstPauseSeconds: 5, longestPauseSeconds: HOUR },
  "notes.purge_trash": { attemptsMax: 5, firstPauseSeconds: MINUTE, longestPauseSeconds: 10 * MINUTE },
  "notes.render_images": { attemptsMax: 10, firstPauseSeconds: 5, longestPauseSeconds: HOUR },
  "notes.render": { attemptsMax: 10, firstPauseSeconds: 5, longestPauseSeconds: HOUR },
  "tags.render": { attemptsMax: 10, firstPauseSeconds: 5, longestPauseSeconds: HOUR },
};

/** Seconds until the attempt after number `attempt`. `random` (0 to 1) takes off up to half, so that jobs spread. */
export function pauseSeconds(rule: RetryRule, attempt: number, random: number): number {
  const pause = Math.min(rule.longestPauseSeconds, rule.firstPauseSeconds * 4 ** (attempt - 1));
  return pause * (1 - random / 2);
}
