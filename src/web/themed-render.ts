import { AsyncLocalStorage } from "node:async_hooks";
import type { IncomingMessage } from "node:http";
import type { Context } from "../context/context.ts";
import { inWordsOf } from "../lib/view-words.ts";
import { said } from "../lib/words.ts";
import type { OwnTheme } from "../theme/own-theme.ts";
import type { ThemeProblem } from "../theme/theme-problem.ts";
import { formatThemeProblem } from "../theme/theme-problem.ts";
import type { Freshness } from "./freshness.ts";
import { HttpError } from "./http-error.ts";
import { createRender, measuredRender } from "./render.ts";
import type { Render } from "./views.ts";

/** Set while a request of the author's is answered. */
const authorAsks = new AsyncLocalStorage<true>();

/** What is said where a page of the author's own templates fails, to the author alone. */
export function themeFault(problem: ThemeProblem): HttpError {
  return new HttpError(
    500,
    said`A template of your theme fails. ${formatThemeProblem(problem)} Readers see the built-in page. Mend the file in DATA_DIR/theme: it is read again within a second.`,
  );
}

/**
 * Renders readers' pages by the author's own templates where there are some. One that fails shows readers the built-in page,
 * and the author an error that names file and line.
 */
export function withOwnTheme(builtIn: Render, theme: OwnTheme): Render {
  return (template, view) => {
    const own = inWordsOf(view, () => theme.render(template, view));
    if (own !== undefined && "html" in own) return own.html;
    // The error page itself must come out whatever is wrong with it.
    if (own !== undefined && template !== "error.njk" && authorAsks.getStore() === true) throw themeFault(own.problem);
    return builtIn(template, view);
  };
}

/** Creates what renders every page: the built-in templates, those of the author on top. What it takes is measured. */
export function createThemedRender({ metrics }: Pick<Context, "metrics">, { theme }: { theme: OwnTheme }): Render {
  return measuredRender(withOwnTheme(createRender(), theme), metrics);
}

/** Answers a request of the author's, who is told of a template that fails. */
export function asAuthor(answer: () => void): void {
  authorAsks.run(true, answer);
}

/** Looks at the author's templates whenever it is asked whether kept pages are still good. */
export function watchTheme(freshness: Freshness, theme: OwnTheme): Freshness {
  return {
    check() {
      theme.look();
      return freshness.check();
    },
  };
}

/** Whether a request must go past kept pages, since it may be the author's, who is told of a template that fails. */
export function mayBeAuthor(theme: OwnTheme): (req: IncomingMessage) => boolean {
  // Whoever sends any cookie is let through, and found to be the author or not behind.
  return ({ headers }) => headers.cookie !== undefined && theme.problems().length > 0;
}
