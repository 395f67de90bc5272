import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";

/** What an author page says once after a redirect, by the word in `?done=`. A closed list: no link can say anything else. */
export const NOTICES = {
  published: said`Published.`,
  scheduled: said`Scheduled.`,
  saved: said`Saved.`,
  merged: said`Saved, and merged with a version that was saved elsewhere. Both are among the revisions.`,
  draft: said`Draft saved.`,
  retracted: said`Retracted: it is a draft again, and its address is not found.`,
  trashed: said`Moved to the trash.`,
  restored: said`Restored.`,
  "revision-restored": said`Restored: title, text, tags and language are as they were then.`,
  "previews-revoked": said`Revoked: no link to this note works any more.`,
  erased: said`Erased for good.`,
  refetching: said`It is being fetched again. Load this page again to see what came.`,
  discarded: said`Discarded.`,
  "autosave-gone": said`That text was saved, discarded or taken over meanwhile.`,
  "autosave-newer": said`More was typed there meanwhile, so nothing was discarded. Look at it again.`,
  settings: said`Settings saved.`,
  appearance: said`Applied. Readers see it now.`,
  menu: said`Menu saved. Every page has it now.`,
  password: said`Password changed. All other logins have ended.`,
  "passkey-added": said`Passkey added. You can log in with it now.`,
  "passkey-renamed": said`Renamed.`,
  "password-off": said`The password is off. Passkeys alone let you in now.`,
  "password-on": said`The password lets you in again.`,
  "second-step-off": said`The second step is off. The password alone lets you in again.`,
  "passkey-removed": said`Removed. That passkey lets nobody in any more, and all logins with it but this one have ended. Delete it on the device too.`,
  "login-ended": said`That login has ended.`,
  "stranger-ended": said`That login has ended. Whoever it was knew the way in: change the password now, and look through the passkeys.`,
  "logins-ended": said`All other logins have ended.`,
  "identity-added": said`Let in. The login page asks for that address now.`,
  "identity-removed": said`Removed. The logins that were made with it have ended.`,
  uploaded: said`Uploaded. Smaller versions are made in the background.`,
  described: said`Description saved. Notes that show the image get it within seconds.`,
  "media-replaced": said`Replaced: every note that showed the old file shows the new one. The old one is kept until you delete it.`,
  "media-deleted": said`Deleted.`,
  "token-revoked": said`Token revoked. Whoever has it can do nothing with it now.`,
  "app-narrowed": said`Taken away. The app lacks it from its next request on.`,
  "app-texts": said`Saved. The app's next texts are read that way; those that are here stay as they are.`,
  "job-due": said`That job is due now.`,
  "job-given-up": said`Given up. It stands among the failed ones now.`,
  "job-removed": said`That job is gone.`,
  "job-replaced": said`A newer job waits in the place of that one: try the newer one.`,
  "job-moved-on": said`That job has moved on since the page was made. Nothing was changed.`,
  "backups-open": said`Thank you. For a quarter of an hour backups can be downloaded.`,
  "backup-deleted": said`Backup deleted.`,
  "snippet-saved": said`Snippet saved.`,
  "template-saved": said`Template saved.`,
  "search-saved": said`Search saved.`,
  "desk-deleted": said`Deleted.`,
  pinned: said`Pinned on the home page.`,
  unpinned: said`No longer pinned.`,
  "section-saved": said`Saved. Readers see it on the page of the tag and in its feeds.`,
  "section-pinned": said`Pinned on the page of this tag.`,
  "section-unpinned": said`No longer pinned there.`,
  "redirect-saved": said`Redirect saved.`,
  "redirect-deleted": said`Redirect deleted.`,
  "missing-forgotten": said`Forgotten.`,
} as const;

/** A word that `?done=` may have. */
export type NoticeName = keyof typeof NOTICES;

/** The sentence for the word; empty for any other. */
export function noticeText(name: string | undefined): Words {
  return name !== undefined && Object.hasOwn(NOTICES, name) ? NOTICES[name as NoticeName] : "";
}

/** The path with the word for what was done, for a redirect. */
export function withNotice(path: string, name: NoticeName): string {
  return `${path}${path.includes("?") ? "&" : "?"}done=${name}`;
}
