import type { Words } from "../lib/words.ts";
import type { AdminView, FieldView, HiddenField } from "./author-views.ts";
import type { SignInView } from "./sign-in-views.ts";

/** The way in. */
export type LoginView = {
  admin: AdminView;
  next: string;
  error: Words;
  /** Hidden fields that carry on what was sent with an ended login. Their form is multipart: a text may be long. */
  kept: HiddenField[];
  keptSummary: Words;
  /** How to sign in by passkey: a hidden `passkey` with the device's answer; null where nobody can. */
  passkeys: LoginPasskeysView | null;
  takesPassword: boolean;
  /** A second form, which posts `me` and the same hidden fields to /login/identity. */
  signIn: SignInView;
};

/** A login that was made elsewhere; posts `next` to its `knownPath`, and `stranger` to its `endPath`. */
export type NewLoginView = {
  device: Words;
  network: string;
  when: string;
  knownPath: string;
  endPath: string;
  backPath: string;
};

/** Asks whether it is still the author. */
export type ProofView = {
  action: string;
  fields: HiddenField[];
  error: Words;
  /** Null: the site has none. */
  passkeys: LoginPasskeysView | null;
  takesPassword: boolean;
};

/** The code after the password. */
export type CodeView = { admin: AdminView; next: string; ticket: string; code: FieldView; kept: HiddenField[] };

/** Where the author is logged in. */
export type LoginsView = {
  securityPage: string;
  logins: {
    id: number;
    device: Words;
    network: string;
    lastUsed: string;
    created: string;
    isThis: boolean;
    signOutPath: string;
  }[];
};

/** How a page signs in by passkey. */
export type LoginPasskeysView = {
  /** The only address at which passkeys of this site work. */
  origin: string;
  /** Answers a POST with what the device is to sign. */
  beginPath: string;
  scriptPaths: string[];
};

/** One passkey in the list; posts `name` to its `renamePath`, and to its `removePath`. */
export type PasskeyView = {
  id: number;
  name: string;
  made: string;
  lastUsed: string;
  /** Whether an account keeps it that several devices share. */
  isSynced: boolean;
  renamePath: string;
  removePath: string;
};

/** The form that adds a passkey: posts `name` and the device's answer `passkey`. */
export type NewPasskeyView = LoginPasskeysView & { name: Words; nameError: Words; error: Words };

/** How the author signs in. */
export type SecurityView = {
  securityPage: string;
  passkeys: PasskeyView[];
  /** Why the site's address can have none; else empty. */
  noPasskeys: Words;
  /** What could not be done with the list. */
  passkeysError: Words;
  newPasskeyForm: NewPasskeyView;
  /** Posts `current_password` and `new_password` to /admin/security/password. */
  password: {
    error: Words;
    isOn: boolean;
    canTurnOff: boolean;
    /** Passkeys that there must be before it may be off. */
    passkeysNeeded: number;
    switchError: Words;
  };
  /** The second step after the password; `recoveryCodes` are those that are left. */
  secondStep: { isOn: boolean; since: string; recoveryCodes: number; error: Words };
};

/** The offer of the second step; posts `secret`, `code` and `current_password` to /admin/security/second-step. */
export type SecondStepView = {
  securityPage: string;
  /** A QR code of the address that apps take. */
  qr: QrView;
  /** Base32, and the same in groups for who types it. */
  secret: string;
  shownSecret: string;
  error: Words;
  code: FieldView;
  password: FieldView;
};

/** A square of dark modules on light ground, as one path. */
export type QrView = { viewBox: string; path: string };

/** Recovery codes, shown once. */
export type RecoveryCodesView = { securityPage: string; codes: string[]; isFirst: boolean };

/** The first passkey, right after set-up; posts as the form of the security page does, to `action`. */
export type FirstPasskeyView = { newPasskeyForm: NewPasskeyView; action: string; nextPath: string };
