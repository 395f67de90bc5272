// Puts the program together: a few files of JavaScript, libraries included, instead of some hundred that a start would
// have to look for. docs/decisions/004-one-bundle.md says why.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import * as esbuild from "esbuild";
import nunjucks from "nunjucks";
import { compileViews } from "./compile-views.mjs";

/** Have machine code of their own, which is loaded from node_modules when it is needed. */
const NATIVE = /^(?:better-sqlite3|sharp)$/;

/** What libraries load at once and this program never uses; a rule in tests/house/line-rules.ts guards it. */
const LEFT_OUT = {
  // Express: bodies are read by web/body.ts, files sent by web/stream.ts, queries parsed by Node.
  "body-parser": "exports.json = exports.raw = exports.text = exports.urlencoded = undefined;",
  "serve-static": "module.exports = undefined;",
  qs: "",
  debug: "module.exports = () => () => {};",
  // pino: lines are written by this thread. pino-roll: files are closed by size, not by date.
  "thread-stream": "",
  "date-fns": "",
};

const MEDIA_TYPES =
  /^text\/(?:css|html|javascript|plain|xml)$|^application\/(?:[a-z]+\+)?(?:json|xml|octet-stream|x-www-form-urlencoded)$/;

/** Libraries expect `require` of Node's own modules. */
const BANNER = `import { createRequire as createRequireHere } from "node:module";
const require = createRequireHere(import.meta.url);`;

const SHARED = {
  bundle: true,
  platform: "node",
  target: "node20.19",
  sourcemap: "external",
  sourcesContent: false,
  minifySyntax: true,
  minifyWhitespace: true,
  logLevel: "silent",
};

/**
 * Writes the program in `root` into the folder `made`: `main.js`, `render-worker.js`, `page-worker.js`, `variants-process.js`,
 * `clean-process.js`, `search-process.js` and what they share, and `views.cjs`, readers' templates as code, and with the chunks those of all, and `view-sources.json`, as they are written, and in `locales/` the words of each language. Throws what esbuild says.
 */
export async function bundle(root, made) {
  const processes = [
    "lib/render-worker.ts",
    "lib/page-worker.ts",
    "media/variants-process.ts",
    "media/clean-process.ts",
    "search/search-process.ts",
  ];
  const src = join(root, "src");
  const build = (files, plugins = []) =>
    esbuild.build({
      ...SHARED,
      entryPoints: files.map((file) => join(src, file)).filter(existsSync),
      entryNames: "[name]",
      chunkNames: "chunks/[name]-[hash]",
      format: "esm",
      splitting: true,
      outdir: made,
      banner: { js: BANNER },
      plugins: [leaveOut(), fewMediaTypes(), loadNative(), ...plugins],
    });
  await build(["main.ts"], [startInOneFile(src)]);
  await build(processes); // Apart, since files that they share with the program would be cut into as many more.
  const views = join(root, "views");
  if (!existsSync(views)) return;
  await writeViews(views, made);
  writeFileSync(join(made, "view-sources.json"), JSON.stringify(toSources(views)));
  writeLocales(join(root, "locales"), join(made, "locales"));
}

/** One file for each language that has a folder. */
function writeLocales(folder, made) {
  mkdirSync(made);
  for (const language of readdirSync(folder)) {
    const files = readdirSync(join(folder, language)).map((name) => readFileSync(join(folder, language, name), "utf8"));
    const messages = Object.assign({}, ...files.map((text) => JSON.parse(text)));
    writeFileSync(join(made, `${language}.json`), JSON.stringify(messages));
  }
}

/**
 * Has what a server starts with put into one file. esbuild makes one of all code that the same beginnings need, and each
 * `import()` is a beginning: a start would look for a hundred files. So whatever is loaded later is said to need the start,
 * which in a server has happened by then, and which a command that is not `serve` needs for the most part.
 */
function startInOneFile(src) {
  const start = join(src, "cli", "start-server.ts");
  const isBefore = (file) => file === start || file === join(src, "cli", "serve.ts");
  const later = new Set(existsSync(start) ? listLoadedLater(src).filter((file) => !isBefore(file)) : []);
  return {
    name: "start in one file",
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (!later.has(path)) return undefined;
        return { contents: `${readFileSync(path, "utf8")}\nimport ${JSON.stringify(start)};`, loader: "ts" };
      });
    },
  };
}

/** Every file that another one loads by `import()`. */
function listLoadedLater(src) {
  const files = readdirSync(src, { recursive: true }).filter((name) => name.endsWith(".ts"));
  return files.flatMap((name) => {
    const calls = readFileSync(join(src, name), "utf8").matchAll(/\bimport\("(\.[^"]+)"\)/g);
    return [...calls].map(([, target]) => join(src, dirname(name), target));
  });
}

/** Node's own `require`, since its `import` reads all of a file to find out what it exports. */
function loadNative() {
  return {
    name: "load native modules by require",
    setup(build) {
      build.onResolve({ filter: NATIVE }, ({ path, namespace }) =>
        namespace === "native" ? { path, external: true } : { path, namespace: "native" },
      );
      build.onLoad({ filter: NATIVE, namespace: "native" }, ({ path }) => ({
        contents: `module.exports = require(${JSON.stringify(path)})`,
      }));
    },
  };
}

function leaveOut() {
  const filter = new RegExp(`^(?:${Object.keys(LEFT_OUT).join("|")})$`);
  return {
    name: "leave out what is never used",
    setup(build) {
      build.onResolve({ filter }, ({ path }) => ({ path, namespace: "left-out" }));
      build.onLoad({ filter, namespace: "left-out" }, ({ path }) => ({ contents: LEFT_OUT[path] }));
    },
  };
}

/** Of the 2,500 media types that Express can name, those that a site may have. */
function fewMediaTypes() {
  return {
    name: "few media types",
    setup(build) {
      build.onLoad({ filter: /mime-db[\\/]db\.json$/ }, ({ path }) => {
        const known = Object.entries(JSON.parse(readFileSync(path, "utf8"))).filter(([type]) => MEDIA_TYPES.test(type));
        return { contents: JSON.stringify(Object.fromEntries(known)), loader: "json" };
      });
    },
  };
}

/** The templates as they are written, on which those of an author may build. */
function toSources(folder) {
  const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".njk"));
  const sources = names.sort().map((name) => [name.split(sep).join("/"), readFileSync(join(folder, name), "utf8")]);
  const options = JSON.parse(readFileSync(join(folder, "nunjucks.json"), "utf8"));
  return { options, sources: Object.fromEntries(sources) };
}

/** Readers' pages into a file of their own; all templates into another, under a name that a running server can rely on. */
async function writeViews(views, made) {
  const options = JSON.parse(readFileSync(join(views, "nunjucks.json"), "utf8"));
  const build = (outfile, contents) => {
    const stdin = { contents, resolveDir: views, sourcefile: outfile };
    return esbuild.build({ ...SHARED, format: "cjs", outfile: join(made, outfile), stdin, external: ["./chunks/*"] });
  };
  const all = toEnvironment(views, options);
  const file = `chunks/views-${createHash("sha256").update(all).digest("hex").slice(0, 8)}.cjs`;
  await build(file, all);
  await build(
    "views.cjs",
    `exports.createPages = ${compileViews(views, listReaderViews(views), options)};
exports.createEnvironment = () => require("./${file}").createEnvironment();`,
  );
}

/** The templates of the pages that are made in front of Express, which become plain functions. */
function listReaderViews(folder) {
  return readdirSync(folder, { recursive: true }).filter((name) =>
    /^(?:notes[\\/].+|fragments[\\/]card)\.njk$/.test(name),
  );
}

/** All templates as what the part of Nunjucks beside them runs. */
function toEnvironment(folder, options) {
  const wrapper = (templates) =>
    templates.map(({ name, template }) => `${JSON.stringify(name)}: (() => {${template}})()`).join(",\n");
  const templates = nunjucks.precompile(folder, {
    env: new nunjucks.Environment([], options),
    include: [/\.njk$/],
    wrapper,
  });
  return `exports.createEnvironment = () => {
  const { Environment, PrecompiledLoader } = require("nunjucks/browser/nunjucks-slim.js");
  return new Environment(new PrecompiledLoader({${templates}}), ${JSON.stringify(options)});
};`;
}
