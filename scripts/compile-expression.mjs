// Expressions of templates as JavaScript: see compile-views.mjs.
import nunjucks from "nunjucks";

const { nodes } = nunjucks;

/** Thrown for what only Nunjucks can do. */
export class Unsupported extends Error {}

/** JavaScript of each filter, of what it is given and of its literal arguments. */
const FILTERS = {
  length: (value) => `(${value}?.length ?? 0)`,
  replace: (value, from, to) => `${value}?.toString().replaceAll(${from}, () => ${to})`,
  selectattr: (value, name) => `${value}.filter((each) => each[${name}])`,
};

/** How each kind of expression is written. */
const KINDS = new Map([
  [nodes.Symbol, ({ value }, scope) => symbol(value, scope)],
  [nodes.Literal, ({ value }) => JSON.stringify(value)],
  [nodes.LookupVal, lookUp],
  [nodes.Not, ({ target }, scope) => `!${compileExpression(target, scope)}`],
  [nodes.Compare, compare],
  [nodes.Filter, filter],
  [nodes.Group, ({ children }, scope) => `(${list(children, scope)})`],
  [nodes.Array, ({ children }, scope) => `[${list(children, scope)}]`],
  [nodes.Dict, ({ children }, scope) => `({ ${children.map((pair) => property(pair, scope)).join(", ")} })`],
  [nodes.InlineIf, choice],
  [nodes.FunCall, words],
  [nodes.And, binary("&&")],
  [nodes.Or, binary("||")],
  [nodes.Add, binary("+")],
  [nodes.Concat, binary('+ "" +')],
]);

/**
 * JavaScript of an expression of a template. `scope.names` has that of each variable that is no part of the view,
 * `scope.loop` where the innermost loop is, and `scope.view` the view; undefined: it cannot be seen from here.
 */
export function compileExpression(node, scope) {
  const write = KINDS.get(node.constructor);
  if (write === undefined) throw new Unsupported(node.typename);
  return write(node, scope);
}

/** Whether an expression calls something. */
export function isCall(node) {
  return node instanceof nodes.FunCall && !(node instanceof nodes.Filter);
}

/** Whether it calls one of those functions for the words of the interface, and not something of the page by that name. */
export function isWords(node, { names, macros }, functions) {
  const name = isCall(node) && node.name instanceof nodes.Symbol ? node.name.value : undefined;
  return functions.includes(name) && !names.has(name) && !macros.has(name);
}

/** JavaScript of such a call. */
export function callWords({ name, args }, scope) {
  return `${name.value}(${list(args.children, scope)})`;
}

/** HTML that `rich` makes would be escaped here as if it were text. */
function words(node, scope) {
  if (!isWords(node, scope, ["t", "tn"])) throw new Unsupported("a call of what is no macro");
  return callWords(node, scope);
}

function binary(operator) {
  return ({ left, right }, scope) =>
    `(${compileExpression(left, scope)} ${operator} ${compileExpression(right, scope)})`;
}

function list(children, scope) {
  return children.map((child) => compileExpression(child, scope)).join(", ");
}

function property({ key, value }, scope) {
  return `${JSON.stringify(key.value)}: ${compileExpression(value, scope)}`;
}

function choice({ cond, body, else_ }, scope) {
  const [condition, one] = [cond, body].map((part) => compileExpression(part, scope));
  return `(${condition} ? ${one} : ${else_ ? compileExpression(else_, scope) : '""'})`;
}

function symbol(name, { names, macros, view }) {
  if (names.has(name)) return names.get(name);
  // Of a loop only its parts are known; and what a macro sees besides its parameters depends on where it stands.
  if (macros.has(name) || name === "loop" || view === undefined) throw new Unsupported(`${name} as a value`);
  return `${view}[${JSON.stringify(name)}]`;
}

function lookUp({ target, val }, scope) {
  if (target instanceof nodes.Symbol && target.value === "loop" && scope.loop && val instanceof nodes.Literal) {
    return partOfLoop(val.value, scope.loop);
  }
  return `${compileExpression(target, scope)}?.[${compileExpression(val, scope)}]`;
}

function partOfLoop(name, { index, length }) {
  const parts = {
    index: `${index} + 1`,
    index0: index,
    first: `${index} === 0`,
    last: `${index} === ${length} - 1`,
    length,
  };
  if (!Object.hasOwn(parts, name)) throw new Unsupported(`loop.${name}`);
  return `(${parts[name]})`;
}

function filter({ name, args }, scope) {
  const [value, ...rest] = args.children;
  const write = Object.hasOwn(FILTERS, name.value) ? FILTERS[name.value] : undefined;
  const isKnown = write?.length === args.children.length && rest.every((argument) => argument instanceof nodes.Literal);
  if (!isKnown) throw new Unsupported(`the filter ${name.value}`);
  return write(compileExpression(value, scope), ...rest.map((argument) => JSON.stringify(argument.value)));
}

function compare({ expr, ops }, scope) {
  const [{ expr: other, type }, ...more] = ops;
  if (more.length > 0) throw new Unsupported("several comparisons at once");
  return `(${compileExpression(expr, scope)} ${type} ${compileExpression(other, scope)})`;
}
