import type { Language } from "highlight.js";
import highlighter from "highlight.js/lib/core";
import applescript from "highlight.js/lib/languages/applescript";
import awk from "highlight.js/lib/languages/awk";
import bash from "highlight.js/lib/languages/bash";
import c from "highlight.js/lib/languages/c";
import cpp from "highlight.js/lib/languages/cpp";
import css from "highlight.js/lib/languages/css";
import diff from "highlight.js/lib/languages/diff";
import django from "highlight.js/lib/languages/django";
import dockerfile from "highlight.js/lib/languages/dockerfile";
import elixir from "highlight.js/lib/languages/elixir";
import go from "highlight.js/lib/languages/go";
import graphql from "highlight.js/lib/languages/graphql";
import ini from "highlight.js/lib/languages/ini";
import java from "highlight.js/lib/languages/java";
import javascript from "highlight.js/lib/languages/javascript";
import json from "highlight.js/lib/languages/json";
import kotlin from "highlight.js/lib/languages/kotlin";
import lua from "highlight.js/lib/languages/lua";
import makefile from "highlight.js/lib/languages/makefile";
import markdown from "highlight.js/lib/languages/markdown";
import nginx from "highlight.js/lib/languages/nginx";
import perl from "highlight.js/lib/languages/perl";
import php from "highlight.js/lib/languages/php";
import plaintext from "highlight.js/lib/languages/plaintext";
import powershell from "highlight.js/lib/languages/powershell";
import python from "highlight.js/lib/languages/python";
import pythonRepl from "highlight.js/lib/languages/python-repl";
import r from "highlight.js/lib/languages/r";
import ruby from "highlight.js/lib/languages/ruby";
import rust from "highlight.js/lib/languages/rust";
import scala from "highlight.js/lib/languages/scala";
import scss from "highlight.js/lib/languages/scss";
import shell from "highlight.js/lib/languages/shell";
import sql from "highlight.js/lib/languages/sql";
import swift from "highlight.js/lib/languages/swift";
import typescript from "highlight.js/lib/languages/typescript";
import xml from "highlight.js/lib/languages/xml";
import yaml from "highlight.js/lib/languages/yaml";

/** Longest line of code that is highlighted, in characters: grammars search some lines again for every character. */
export const MAX_HIGHLIGHTED_LINE = 500;

/** The same for C and C++, whose grammars search for a function from every character of a line to its end. */
export const MAX_HIGHLIGHTED_LINE_OF_C = 250;

/** Most HTML that highlighting may make of one character of code, on average; real code needs about four. */
const MAX_GROWTH = 12;

const LANGUAGES = {
  applescript,
  awk,
  bash,
  c,
  cpp,
  css,
  diff,
  django,
  dockerfile,
  elixir,
  go,
  graphql,
  ini,
  java,
  javascript,
  json,
  kotlin,
  lua,
  makefile,
  markdown,
  nginx,
  perl,
  php,
  plaintext,
  powershell,
  python,
  "python-repl": pythonRepl,
  r,
  ruby,
  rust,
  scala,
  scss,
  shell,
  sql,
  swift,
  typescript,
  xml,
  yaml,
};

const hljs = highlighter.newInstance();
for (const [name, language] of Object.entries(LANGUAGES)) hljs.registerLanguage(name, language);
// As people fence templates whose host language is HTML.
hljs.registerAliases(["html+django", "html+jinja", "jinja2"], { languageName: "django" });

/**
 * The code as HTML with `hljs-…` classes; undefined where the language is unknown, or the code is of a kind that no one
 * reads (minified, generated, hostile) and would only cost time. Never guesses a language.
 */
export function highlight(code: string, language: string): string | undefined {
  const grammar = hljs.getLanguage(language);
  if (grammar === undefined || hasLongLine(code, longestLine(grammar))) return undefined;
  const html = hljs.highlight(code, { language, ignoreIllegals: true }).value;
  return html.length > MAX_GROWTH * code.length + 1000 ? undefined : html;
}

/** By the name of the grammar, since a fence may say `h`, `cc` or `c++`. */
function longestLine({ name }: Language): number {
  return name === "C" || name === "C++" ? MAX_HIGHLIGHTED_LINE_OF_C : MAX_HIGHLIGHTED_LINE;
}

function hasLongLine(code: string, longest: number): boolean {
  return code.length > longest && code.split("\n").some((line) => line.length > longest);
}
