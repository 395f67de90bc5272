/** What an author page says once after a redirect, by the word in `?done=`. A closed list: no link can say anything else. */
export const NOTICES = {
  published: "Published.",
  scheduled: "Scheduled.",
  saved: "Saved.",
  merged: "Saved, and merged with a version that was saved elsewhere. Both are among the revisions.",
  draft: "Draft saved.",
  retracted: "Retracted: it is a draft again, and its address is not found.",
  trashed: "Moved to the trash.",
  restored: "Restored.",
  "revision-restored": "Restored: title, text, tags and language are as they were then.",
  "previews-revoked": "Revoked: no link to this note works any more.",
  erased: "Erased for good.",
  refetching: "It is being fetched again. Load this page again to see what came.",
  discarded: "Discarded.",
  "autosave-gone": "That text was saved, discarded or taken over meanwhile.",
  "autosave-newer": "More was typed there meanwhile, so nothing was discarded. Look at it again.",
  settings: "Settings saved.",
  appearance: "Applied. Readers see it now.",
  menu: "Menu saved. Every page has it now.",
  password: "Password changed. All other logins have ended.",
  "passkey-added": "Passkey added. You can log in with it now.",
  "passkey-renamed": "Renamed.",
  "passkey-removed": "Removed. That passkey lets nobody in any more; delete it on the device too.",
  "login-ended": "That login has ended.",
  "stranger-ended":
    "That login has ended. Whoever it was knew the way in: change the password now, and look through the passkeys.",
  "logins-ended": "All other logins have ended.",
  "identity-added": "Let in. The login page asks for that address now.",
  "identity-removed": "Removed. The logins that were made with it have ended.",
  uploaded: "Uploaded. Smaller versions are made in the background.",
  described: "Description saved. Notes that show the image get it within seconds.",
  "media-replaced":
    "Replaced: every note that showed the old file shows the new one. The old one is kept until you delete it.",
  "media-deleted": "Deleted.",
  "token-revoked": "Token revoked. Whoever has it can do nothing with it now.",
  "app-narrowed": "Taken away. The app lacks it from its next request on.",
  "app-texts": "Saved. The app's next texts are read that way; those that are here stay as they are.",
  "job-due": "That job is due now.",
  "job-given-up": "Given up. It stands among the failed ones now.",
  "job-removed": "That job is gone.",
  "job-replaced": "A newer job waits in the place of that one: try the newer one.",
  "job-moved-on": "That job has moved on since the page was made. Nothing was changed.",
  "backup-deleted": "Backup deleted.",
  "snippet-saved": "Snippet saved.",
  "template-saved": "Template saved.",
  "search-saved": "Search saved.",
  "desk-deleted": "Deleted.",
  pinned: "Pinned on the home page.",
  unpinned: "No longer pinned.",
  "section-saved": "Saved. Readers see it on the page of the tag and in its feeds.",
  "section-pinned": "Pinned on the page of this tag.",
  "section-unpinned": "No longer pinned there.",
  "redirect-saved": "Redirect saved.",
  "redirect-deleted": "Redirect deleted.",
  "missing-forgotten": "Forgotten.",
} as const;

/** A word that `?done=` may have. */
export type NoticeName = keyof typeof NOTICES;

/** The sentence for the word; empty for any other. */
export function noticeText(name: string | undefined): string {
  return name !== undefined && Object.hasOwn(NOTICES, name) ? NOTICES[name as NoticeName] : "";
}

/** The path with the word for what was done, for a redirect. */
export function withNotice(path: string, name: NoticeName): string {
  return `${path}${path.includes("?") ? "&" : "?"}done=${name}`;
}
