import type { AuditFamily, AuditKind, Doer } from "../audit/audit-event.ts";
import { AUDIT_KINDS } from "../audit/audit-event.ts";
import type { Message, Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";

/** The subjects of the audit log. One without words does not compile. */
export const FAMILY_WORDS: Readonly<Record<AuditFamily, Message>> = {
  logins: said`Signing in and out`,
  secrets: said`Passwords, passkeys, codes`,
  apps: said`Apps and their tokens`,
  writes: said`What apps wrote`,
  settings: said`Settings`,
  site: said`Set-up, backups, commands`,
};

/** What each kind of event was. One without words does not compile. */
const KIND_WORDS: Readonly<Record<AuditKind, Message>> = {
  "login.open": said`Signed in`,
  "login.refuse": said`Was refused`,
  "login.prove": said`Proved again who it is`,
  "login.end": said`Signed out`,
  "login.end_others": said`Signed out all others`,
  "login.known": said`Said that a new sign-in is known`,
  "password.change": said`Changed the password`,
  "password.reset": said`Set a new password`,
  "password.turn_on": said`Turned the password on`,
  "password.turn_off": said`Turned the password off`,
  "passkey.add": said`Added a passkey`,
  "passkey.rename": said`Renamed a passkey`,
  "passkey.remove": said`Removed a passkey`,
  "two_factor.turn_on": said`Turned the second factor on`,
  "two_factor.turn_off": said`Turned the second factor off`,
  "identity.add": said`Let another site’s owner sign in`,
  "identity.remove": said`Took another site out`,
  "recovery_codes.make": said`Made recovery codes`,
  "recovery_codes.use": said`Used a recovery code`,
  "app.ask": said`Was asked to let an app in`,
  "app.allow": said`Let an app in`,
  "app.deny": said`Refused an app`,
  "app.undo": said`Undid what an app did`,
  "grant.narrow": said`Took rights from an app`,
  "grant.change": said`Changed what an app may`,
  "grant.revoke": said`Ended an app’s access`,
  "token.make": said`Made a token`,
  "token.issue": said`Got its first token`,
  "token.refresh": said`Got a fresh token`,
  "token.use": said`Used its token, for the first time that day`,
  "token.replay": said`Lost its access`,
  "note.create": said`Wrote a note`,
  "note.update": said`Changed a note`,
  "note.delete": said`Deleted a note`,
  "note.undelete": said`Restored a note`,
  "media.upload": said`Uploaded a file`,
  "media.delete": said`Deleted a file`,
  "settings.change": said`Changed settings`,
  "site.set_up": said`Set the site up`,
  "backup.ask": said`Asked for a backup`,
  "backup.make": said`Made a backup`,
  "backup.download": said`Downloaded a backup`,
  "backup.delete": said`Deleted a backup`,
  "backup.restore": said`Restored a backup`,
  "site.import": said`Imported a folder`,
  "site.export": said`Exported the site`,
  "site.roll_back": said`Took an upgrade back`,
  "audit.export": said`Exported the audit log`,
};

/** What happened, in words; its name where only another version of the program knows it. */
export function kindWords(kind: string): Words {
  return Object.hasOwn(AUDIT_KINDS, kind) ? KIND_WORDS[kind as AuditKind] : kind;
}

/** Who did it, in words. */
export function doerWords({ sort, name }: Pick<Doer, "sort" | "name">): Words {
  if (sort === "author") return name === "" ? said`The author` : said`The author, login ${name}`;
  if (sort === "app") return name;
  if (sort === "machine") return name === "" ? said`This machine` : said`This machine: ${name}`;
  return said`Somebody else`;
}
