/** Scripts that are written from right to left (ISO 15924), of those that languages of today are written in. */
const RIGHT_TO_LEFT: ReadonlySet<string> = new Set([
  "Adlm",
  "Arab",
  "Aran",
  "Hebr",
  "Mand",
  "Mend",
  "Nkoo",
  "Rohg",
  "Samr",
  "Syrc",
  "Thaa",
  "Yezi",
]);

/** What `dir` says: the direction of the script that a language (BCP 47) is usually written in; `auto` where none is said. */
export function directionOf(language: string | undefined): "ltr" | "rtl" | "auto" {
  if (language === undefined) return "auto";
  return RIGHT_TO_LEFT.has(new Intl.Locale(language).maximize().script ?? "") ? "rtl" : "ltr";
}

/** The name of a language (BCP 47) in that language, as a heading writes it: `Deutsch`, `Français`. Extensions and private parts have none. */
export function languageName(language: string): string {
  const known = new Intl.Locale(language).baseName;
  const name = new Intl.DisplayNames([language], { type: "language" }).of(known) ?? known;
  const [first = ""] = name;
  return first.toLocaleUpperCase(language) + name.slice(first.length);
}
