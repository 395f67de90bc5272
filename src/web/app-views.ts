import type { Words } from "../lib/words.ts";
import type { AppTexts, PkceRule } from "../site/settings.ts";
import type { FieldView } from "./author-views.ts";
import type { ScopeView } from "./scope-view.ts";
import type { AdminPage } from "./views.ts";

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
  scopes: ScopeView[];
  /** What to look at twice. */
  cautions: Words[];
  /** Radio buttons `length`. */
  lengths: { value: string; label: Words; isChecked: boolean }[];
  /** Whether it asks to write, so that its texts are to be read in one way or the other. */
  writesText: boolean;
  /** Check box `writes_markdown`. */
  writesMarkdown: boolean;
};

/** What an app was allowed once, and holds. */
export type GrantView = {
  id: number;
  /** `Let in` or `Made by hand`, and when. */
  made: Words;
  firstUsed: string;
  lastUsed: string;
  /** When it ends of itself; empty: not. */
  ends: string;
  scopes: ScopeView[];
  writesMarkdown: boolean;
  /** Takes `writes_markdown`: `yes` or `no`. */
  textsPath: string;
  /** Takes `scope`: what it shall not be allowed any more. Empty: it has one scope alone. */
  narrowPath: string;
  revokePath: string;
};

/** An app or script with all that it was allowed, and what it did. */
export type AppView = {
  /** Of its newest grant. */
  id: number;
  /** Its name for itself, else its address. */
  label: Words;
  clientId: string;
  /** Empty: none. */
  logoPath: string;
  grants: GrantView[];
  /** What it was allowed once: when, and how it ended. */
  ended: { made: Words; scope: string; state: Words }[];
  /** Ended ones that are too old to be named. */
  moreEnded: number;
  /** What it wrote, by kind, each with a list of its own; empty: nothing. */
  writes: { label: Words; path: string }[];
  undoPath: string;
};

/** The apps and scripts that have a grant, and the form for a token by hand. */
export type TokensView = {
  apps: AppView[];
  /** Apps that have no access any more. */
  endedApps: AppView[];
  /** How many more of these there are. */
  moreEndedApps: number;
  scopes: { name: string; meaning: Words; isChecked: boolean }[];
  clientId: FieldView;
  scopeError: Words;
  /** Shown once, right after it was made; else empty. */
  newToken: string;
  pkce: PkceRule;
  appTexts: AppTexts;
};

/** A note that an app wrote in. */
export type WrittenNoteView = {
  label: Words;
  /** Empty: it was erased meanwhile. */
  path: string;
  status: string;
  did: Words;
  when: string;
  whenAt: string;
  /** What the save left; empty: nothing is left of it. */
  revisionPath: string;
};

/** What an app wrote, newest first. */
export type WritesView = {
  label: Words;
  filters: { label: Words; path: string; count: Words; isCurrent: boolean }[];
  rows: WrittenNoteView[];
  undoPath: string;
  nextPath: string;
};

/** From when on what an app did is to be taken back, and what that would do. */
export type UndoView = {
  label: Words;
  path: string;
  clientId: string;
  choices: { value: string; label: Words; meaning: Words }[];
  choice: string;
  at: FieldView;
  /** Null: nothing is chosen yet. */
  plan: {
    heading: Words;
    summary: Words[];
    notes: { label: Words; path: string; status: string; outcome: Words; remark: Words; isChanged: boolean }[];
    more: Words;
    /** Empty: there is nothing to do. */
    button: Words;
    key: string;
    since: string;
    until: string;
    /** Whether the app can still write, so that it may be revoked as well. */
    isOpen: boolean;
  } | null;
};

/** What the pages about apps have besides: a style sheet of their own. */
export type AppPage = AdminPage & { appsStylesheetPath: string };

/** Every template about apps, and what it is given. */
export type AppViews = {
  /** Posts `request`, check boxes `scope`, `length` and the button `decision` to /auth. */
  "auth/consent.njk": AdminPage & { consent: ConsentView };
  /**
   * Posts `client_id` and check boxes `scope` to /admin/tokens, `pkce` (required, optional) and `app_texts` (plain,
   * markdown) to /admin/tokens/rules; each grant that holds to its paths.
   */
  "admin/tokens.njk": AppPage & TokensView;
  "admin/app-writes.njk": AppPage & { app: WritesView };
  /** Asks `path` by GET with `since` and `at`, posts `since`, `until`, `act_key` and the box `revoke` there. */
  "admin/undo-app.njk": AppPage & { undo: UndoView };
};
