import type { Environment } from "nunjucks";
import { findCatalogue } from "./catalogue.ts";
import { rich } from "./rich-words.ts";
import { formsOf, inWords, t, tn } from "./words.ts";

/** What templates call for the words of the interface; the author's pages also call `tforms`. */
export const VIEW_WORDS = { t, tn, rich };

/** What a view says of the language of its words. */
type SpokenView = {
  readonly admin?: { readonly language: string };
  readonly site?: { readonly language: string };
  readonly language?: string;
};

/** Makes a page in the words of its view: those of the author for the author's own pages, else those of the site. */
export function inWordsOf<Made>(view: SpokenView, make: () => Made): Made {
  return inWords(findCatalogue(view.admin?.language ?? view.site?.language ?? view.language ?? "en"), make);
}

/** Gives an environment of Nunjucks what the pages have that the build has made functions of. */
export function addWords(environment: Environment): Environment {
  const markSafe = environment.getFilter("safe");
  environment
    .addGlobal("t", t)
    .addGlobal("tn", tn)
    .addGlobal("tforms", (...given: [string, string]) => JSON.stringify(formsOf(...given)));
  return environment.addGlobal("rich", (...given: Parameters<typeof rich>) => markSafe(rich(...given)));
}
