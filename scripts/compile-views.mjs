// Makes plain functions of templates, for the pages that readers wait for: Nunjucks finds every name, block, macro and
// include of a page at run time, each time, which takes several times as long as writing the page does. What a page
// must not do here (see `Unsupported`) leaves that page to Nunjucks; tests/scripts/compile-views.test.ts holds both to
// the same words.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import nunjucks from "nunjucks";
import { callWords, compileExpression, isCall, isWords, Unsupported } from "./compile-expression.mjs";

const { nodes, parser } = nunjucks;

/** What every function is given: how a value is printed. The same characters are escaped as by Nunjucks. */
const RUNTIME = `const ENTITIES = { "&": "&amp;", '"': "&quot;", "'": "&#39;", "<": "&lt;", ">": "&gt;", "\\\\": "&#92;" };
function print(value, place) {
  if (value === undefined || value === null) throw new Error(place + " prints a missing value");
  const text = typeof value === "string" ? value : value.toString();
  return /[&"'<>\\\\]/.test(text) ? text.replace(/[&"'<>\\\\]/g, (character) => ENTITIES[character]) : text;
}
function printSafe(value) {
  return value === undefined || value === null ? "" : value.toString();
}`;

/**
 * The code of a function that is given what templates call for words, `{ t, tn, rich }`, and returns an object that has, by name, a function from a view to HTML for each of `names` in `folder` that can be
 * one. `options` are those of the Nunjucks environment.
 */
export function compileViews(folder, names, options) {
  const compiler = new Compiler(folder, options);
  const pages = names.flatMap((name) => {
    try {
      return [`${JSON.stringify(name)}: ${compiler.page(name)}`];
    } catch (error) {
      if (error instanceof Unsupported) return [];
      throw new Error(`${name}: ${error.message}`, { cause: error });
    }
  });
  return `(({ t, tn, rich }) => {\n${RUNTIME}\n${[...compiler.macros.values()].join("\n")}\nreturn {\n${pages.join(",\n")}\n};\n})`;
}

/**
 * Where a piece of a template stands. `names`: JavaScript of each variable that is no part of the view, by name;
 * `macros`: the functions that were imported; `blocks`: what the page puts in place of the layout's own.
 */
class Compiler {
  /** The code of each function that a macro has become, by its name. */
  macros = new Map();
  #folder;
  #options;
  #parsed = new Map();
  #variables = 0;

  constructor(folder, options) {
    this.#folder = folder;
    this.#options = options;
  }

  page(name) {
    const blocks = new Map();
    const macros = new Map();
    let root = this.#parse(name);
    for (let file = name; ; ) {
      this.#collect(root, file, { blocks, macros });
      const parent = root.children.find((node) => node instanceof nodes.Extends);
      if (parent === undefined)
        return this.#function("view", root, { file, names: new Map(), macros, blocks, view: "view" });
      file = literal(parent.template);
      root = this.#parse(file);
    }
  }

  /** Notes what a file defines for the whole page. What was defined by a page goes before what its layout has. */
  #collect(root, file, { blocks, macros }) {
    for (const block of root.findAll(nodes.Block)) {
      const name = block.name.value;
      if (!blocks.has(name)) blocks.set(name, { body: block.body, file });
    }
    for (const [name, macro] of this.#macrosOf(root, file)) if (!macros.has(name)) macros.set(name, macro);
  }

  /** The macros that stand at the top of a file or are imported there, by the name they have there. */
  #macrosOf(root, file) {
    const macros = new Map();
    for (const node of root.children) {
      if (node instanceof nodes.Macro) macros.set(node.name.value, { node, file, macros });
      else if (node instanceof nodes.FromImport) this.#import(node, macros);
    }
    return macros;
  }

  #import({ template, names }, macros) {
    const file = literal(template);
    const theirs = this.#macrosOf(this.#parse(file), file);
    for (const name of names.children) {
      const [theirName, ourName] =
        name instanceof nodes.Pair ? [name.key.value, name.value.value] : [name.value, name.value];
      const macro = theirs.get(theirName);
      if (macro === undefined) throw new Error(`${file} has no macro ${theirName}`);
      macros.set(ourName, macro);
    }
  }

  /** The name of the function of a macro, which is made with the first call. */
  #functionOf({ node, file, macros }) {
    const name = `macro_${file}_${node.name.value}`.replace(/\W/g, "_");
    if (this.macros.has(name)) return name;
    this.macros.set(name, ""); // It may call itself.
    try {
      const parameters = node.args.children.map((parameter) => {
        if (parameter instanceof nodes.Symbol) return [parameter.value, this.#variable()];
        throw new Unsupported("a parameter with a default");
      });
      const scope = { file, names: new Map(parameters), macros, blocks: new Map(), view: undefined };
      const code = this.#function(parameters.map(([, variable]) => variable).join(", "), node.body, scope);
      this.macros.set(name, `const ${name} = ${code};`);
      return name;
    } catch (error) {
      this.macros.delete(name);
      throw error;
    }
  }

  #function(parameters, body, scope) {
    return `(${parameters}) => {\nlet html = "";\n${this.#body(body, scope)}return html;\n}`;
  }

  #body(body, scope) {
    return body.children.map((node) => this.#statement(node, scope)).join("");
  }

  #statement(node, scope) {
    if (node instanceof nodes.Output)
      return node.children.map((child) => `html += ${this.#printed(child, scope)};\n`).join("");
    if (node instanceof nodes.If && !(node instanceof nodes.IfAsync)) return this.#if(node, scope);
    if (node instanceof nodes.For && !(node instanceof nodes.AsyncEach)) return this.#for(node, scope);
    if (node instanceof nodes.Include) return this.#include(node, scope);
    if (node instanceof nodes.Block) {
      const { body, file } = scope.blocks.get(node.name.value);
      return this.#body(body, { ...scope, file });
    }
    if (node instanceof nodes.NodeList) return this.#body(node, scope);
    if (node instanceof nodes.Macro || node instanceof nodes.FromImport || node instanceof nodes.Extends) return "";
    throw new Unsupported(node.typename);
  }

  #if({ cond, body, else_ }, scope) {
    const otherwise = else_ ? ` else {\n${this.#statement(else_, scope)}}` : "";
    return `if (${compileExpression(cond, scope)}) {\n${this.#statement(body, scope)}}${otherwise}\n`;
  }

  #for({ arr, name, body, else_ }, scope) {
    if (!(name instanceof nodes.Symbol)) throw new Unsupported("a loop with several variables");
    const [list, length, index, each] = [this.#variable(), this.#variable(), this.#variable(), this.#variable()];
    const inner = { ...scope, names: new Map([...scope.names, [name.value, each]]), loop: { index, length } };
    const otherwise = else_ ? `if (!${length}) {\n${this.#statement(else_, scope)}}\n` : "";
    return `const ${list} = ${compileExpression(arr, scope)}, ${length} = ${list} ? ${list}.length : 0;
for (let ${index} = 0; ${index} < ${length}; ${index} += 1) {
const ${each} = ${list}[${index}];
${this.#statement(body, inner)}}
${otherwise}`;
  }

  #include({ template, ignoreMissing }, scope) {
    if (ignoreMissing) throw new Unsupported("an include that may be missing");
    const file = literal(template);
    const root = this.#parse(file);
    const macros = new Map([...scope.macros, ...this.#macrosOf(root, file)]);
    return `{\n${this.#body(root, { ...scope, file, macros })}}\n`;
  }

  /** HTML of what stands between braces, or outside of them. */
  #printed(node, scope) {
    if (node instanceof nodes.TemplateData) return JSON.stringify(node.value);
    if (node instanceof nodes.Filter && node.name.value === "safe") {
      return `printSafe(${compileExpression(node.args.children[0], scope)})`;
    }
    if (isWords(node, scope, ["rich"])) return callWords(node, scope);
    if (isCall(node) && !isWords(node, scope, ["t", "tn"])) return this.#call(node, scope);
    if (node instanceof nodes.InlineIf) {
      const otherwise = node.else_ ? this.#printed(node.else_, scope) : '""';
      return `(${compileExpression(node.cond, scope)} ? ${this.#printed(node.body, scope)} : ${otherwise})`;
    }
    return `print(${compileExpression(node, scope)}, ${JSON.stringify(`${scope.file}, line ${node.lineno + 1},`)})`;
  }

  #call({ name, args }, scope) {
    const macro = name instanceof nodes.Symbol ? scope.macros.get(name.value) : undefined;
    if (macro === undefined) throw new Unsupported("a call of what is no macro");
    return `${this.#functionOf(macro)}(${args.children.map((argument) => compileExpression(argument, scope)).join(", ")})`;
  }

  #variable() {
    this.#variables += 1;
    return `v${this.#variables}`;
  }

  #parse(file) {
    const known = this.#parsed.get(file);
    if (known !== undefined) return known;
    const root = parser.parse(readFileSync(join(this.#folder, file), "utf8"), [], this.#options);
    this.#parsed.set(file, root);
    return root;
  }
}

function literal(node) {
  if (node instanceof nodes.Literal) return node.value;
  throw new Unsupported("a template that is named by a value");
}
