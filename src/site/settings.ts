import type { AdminLanguage } from "./language.ts";
import type { HeaderPlace, OwnFont, ThemeName } from "./look.ts";
import type { NavigationEntry } from "./navigation.ts";
import { DEFAULT_NAVIGATION } from "./navigation.ts";
import type { NotFoundText, Offer, RobotsPolicy } from "./robots.ts";

/** Colours of the site: following the reader's system, or fixed by the author. */
export type ColourScheme = "system" | "light" | "dark";

/** What happens to an image that a note shows from another server: a job copies it here, it stays a link, or it is loaded from there. */
export type RemoteImages = "copy" | "link" | "load";

/** Whether there is a page of statistics for readers. */
export type StatsPage = "on" | "off";

/** Whether a backup is made each night by itself. */
export type BackupSchedule = "daily" | "off";

/** Whether publishing asks once for images that nobody has described. */
export type AltNudge = "ask" | "off";

/** Whether apps that ask to be let in must use PKCE, which some old ones do not know. */
export type PkceRule = "required" | "optional";

/** How the texts of apps are meant of which nothing else is said. */
export type AppTexts = "plain" | "markdown";

/** What the author can change while the site runs. */
export type Settings = {
  readonly siteTitle: string;
  readonly siteDescription: string;
  /** Name of a file in the media store; empty: the built-in icon. */
  readonly siteIcon: string;
  readonly authorName: string;
  /** Name of a file in the media store; empty: none. */
  readonly authorPhoto: string;
  /** Plain text, line breaks kept. */
  readonly authorBio: string;
  /** Absolute http(s) URLs, shown with rel=me. */
  readonly authorLinks: readonly string[];
  /** IANA name. */
  readonly timeZone: string;
  /** BCP 47. */
  readonly language: string;
  /** Of the author's own pages. */
  readonly adminLanguage: AdminLanguage;
  readonly itemsPerPage: number;
  /** Plain text; empty: none. */
  readonly footerText: string;
  readonly colourScheme: ColourScheme;
  readonly remoteImages: RemoteImages;
  /** Whether readers find a page of statistics at /stats. */
  readonly statsPage: StatsPage;
  readonly backups: BackupSchedule;
  /** The menu of every page, in order. */
  readonly navigation: readonly NavigationEntry[];
  /** Largest image that is taken, in MB. */
  readonly maxImageMegabytes: number;
  /** Largest film, recording or document that is taken, in MB. */
  readonly maxMediaMegabytes: number;
  readonly altNudge: AltNudge;
  readonly pkce: PkceRule;
  readonly appTexts: AppTexts;
  readonly theme: ThemeName;
  /** `#rrggbb`; empty: that of the theme. */
  readonly accentColour: string;
  /** Letters of the text, and of headings: one of FONT_STACKS, or `own:` and a family of `fonts`. */
  readonly textFont: string;
  readonly headingFont: string;
  readonly fonts: readonly OwnFont[];
  /** Name of a file in the media store; empty: none. */
  readonly headerImage: string;
  /** What it shows; empty: it is for the eye only. */
  readonly headerAlt: string;
  /** What of it is never cut off: per cent from the left and from above. */
  readonly headerFocus: readonly [number, number];
  readonly headerPlace: HeaderPlace;
  /** Permanent ids of the notes that stand first on home, in order. */
  readonly pinnedNotes: readonly string[];
  readonly robots: RobotsPolicy;
  /** Whether there is an `/llms.txt`. */
  readonly llmsTxt: Offer;
  /** Whether each permalink has a copy as Markdown beside it. */
  readonly markdownCopies: Offer;
  readonly notFound: NotFoundText;
};

/** What holds before the author has said anything. */
export const DEFAULT_SETTINGS: Settings = {
  siteTitle: "StarPunk",
  siteDescription: "",
  siteIcon: "",
  authorName: "",
  authorPhoto: "",
  authorBio: "",
  authorLinks: [],
  timeZone: "UTC",
  language: "en",
  adminLanguage: "site",
  itemsPerPage: 20,
  footerText: "",
  colourScheme: "system",
  remoteImages: "copy",
  statsPage: "on",
  backups: "daily",
  navigation: DEFAULT_NAVIGATION,
  maxImageMegabytes: 10,
  maxMediaMegabytes: 100,
  altNudge: "ask",
  pkce: "required",
  appTexts: "plain",
  theme: "quiet",
  accentColour: "",
  textFont: "theme",
  headingFont: "theme",
  fonts: [],
  headerImage: "",
  headerAlt: "",
  headerFocus: [50, 50],
  headerPlace: "home",
  pinnedNotes: [],
  robots: "allow",
  llmsTxt: "off",
  markdownCopies: "off",
  notFound: { markdown: "", html: "" },
};
