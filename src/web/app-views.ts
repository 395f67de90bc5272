import type { AppTexts, PkceRule } from "../site/settings.ts";
import type { FieldView } from "./author-views.ts";

/** What an app asks for, for the author to allow or to refuse. */
export type ConsentView = {
  /** Hidden field `request`. */
  request: string;
  /** Empty: the app gives itself no name. */
  name: string;
  clientId: string;
  clientHost: string;
  /** Home page of the app; empty: it does not say. */
  uri: string;
  /** Empty: none. */
  logoPath: string;
  redirectUri: string;
  redirectHost: string;
  /** As whom the author signs in. */
  me: string;
  /** Check boxes `scope`. */
  scopes: { name: string; meaning: string; isKnown: boolean }[];
  /** What to look at twice. */
  cautions: string[];
  /** Radio buttons `length`. */
  lengths: { value: string; label: string; isChecked: boolean }[];
  /** Whether it asks to write, so that its texts are to be read in one way or the other. */
  writesText: boolean;
  /** Check box `writes_markdown`. */
  writesMarkdown: boolean;
};

/** The apps and scripts that have a grant, and the form for a token by hand. */
export type TokensView = {
  tokens: {
    id: number;
    /** Its name for itself, else its address. */
    label: string;
    clientId: string;
    scope: string;
    made: string;
    lastUsed: string;
    ends: string;
    state: string;
    isActive: boolean;
    writesMarkdown: boolean;
    /** Takes `writes_markdown`: `yes` or `no`. */
    textsPath: string;
    revokePath: string;
  }[];
  scopes: { name: string; meaning: string; isChecked: boolean }[];
  clientId: FieldView;
  scopeError: string;
  /** Shown once, right after it was made; else empty. */
  newToken: string;
  pkce: PkceRule;
  appTexts: AppTexts;
};
