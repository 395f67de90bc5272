import { said } from "../lib/words.ts";
import type { OwnTheme } from "../theme/own-theme.ts";
import { checkThemeFolder } from "../theme/own-theme.ts";
import { MAX_THEME_FILES, themeFolder } from "../theme/theme-files.ts";
import { formatThemeProblem } from "../theme/theme-problem.ts";
import type { Finding, Patient } from "./finding.ts";
import { fine, warning } from "./finding.ts";
import type { CheckResult } from "./health-check.ts";

const REMEDY = said`Mend the files in DATA_DIR/theme: until then readers see the built-in pages. docs/themes.md has the variables of each view.`;

/** What this process knows of the author's own templates. */
export type ThemeReport = Pick<OwnTheme, "look" | "problems" | "files">;

/** How the author's own templates are, for `/admin/health`. */
export function checkTheme(theme: ThemeReport | undefined): CheckResult {
  theme?.look();
  const files = theme?.files().length ?? 0;
  const problems = theme?.problems() ?? [];
  const limit = said`no template fails`;
  const [first] = problems;
  if (first === undefined) {
    return { status: "ok", figure: files === 0 ? said`none in DATA_DIR/theme` : countOf(files), limit, remedy: "" };
  }
  return {
    status: "warning",
    figure: `${problems.length} of ${countOf(files)}: ${formatThemeProblem(first)}`,
    limit,
    remedy: REMEDY,
  };
}

/** Whether the author's own templates can be used, as far as that shows without rendering them. */
export function examineTheme({ config }: Patient): Finding {
  const { files, problems } = checkThemeFolder(themeFolder(config));
  if (problems.length > 0) {
    const lines = problems.slice(0, 3).map(formatThemeProblem).join("; ");
    return warning("theme", `${problems.length} of ${countOf(files.length)}: ${lines}`, REMEDY.toString());
  }
  if (files.length >= MAX_THEME_FILES) {
    return warning("theme", `${files.length} files, and no more count`, "Move away what is no part of the theme.");
  }
  return fine("theme", files.length === 0 ? "no templates of your own" : countOf(files.length));
}

function countOf(files: number): string {
  return files === 1 ? "1 file" : `${files} files`;
}
