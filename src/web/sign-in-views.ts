import type { FieldView } from "./author-views.ts";

/** The part of the login page that signs somebody in by another site. */
export type SignInView = {
  /** Whether the author lets any address in. */
  isOffered: boolean;
  me: FieldView;
  /** Where a sign-in stopped; empty: none did. */
  stoppedAt: string;
  /** What another server did there; null: nothing that could be seen. */
  seen: { url: string; answer: string; excerpt: string } | null;
};

/** The page between here and another site. */
export type LeavingView = { host: string; target: string };

/** The addresses whose owner may enter. */
export type IdentitiesView = {
  rows: { me: string; added: string; lastUsed: string; removePath: string }[];
  max: number;
  me: FieldView;
};
