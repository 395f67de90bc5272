// Expressions of templates as JavaScript: see compile-views.mjs.
import nunjucks from "nunjucks";

const { nodes } = nunjucks;

/** Thrown for what only Nunjucks can do. */
export class Unsupported extends Error {}

const OPERATORS = new Map([
  [nodes.And, "&&"],
  [nodes.Or, "||"],
  [nodes.Add, "+"],
  [nodes.Concat, '+ "" +'],
]);

/**
 * JavaScript of an expression of a template. `scope.names` has that of each variable that is no part of the view,
 * `scope.loop` where the innermost loop is, and `scope.view` the view; undefined: it cannot be seen from here.
 */
export function compileExpression(node, scope) {
  if (node instanceof nodes.Symbol) return symbol(node.value, scope);
  if (node instanceof nodes.Literal) return JSON.stringify(node.value);
  if (node instanceof nodes.LookupVal) return lookUp(node, scope);
  if (node instanceof nodes.Not) return `!${compileExpression(node.target, scope)}`;
  if (node instanceof nodes.Compare) return compare(node, scope);
  if (node instanceof nodes.Dict && !(node instanceof nodes.KeywordArgs)) {
    const pairs = node.children.map(
      ({ key, value }) => `${JSON.stringify(key.value)}: ${compileExpression(value, scope)}`,
    );
    return `({ ${pairs.join(", ")} })`;
  }
  if (node instanceof nodes.Group && node.children.length === 1)
    return `(${compileExpression(node.children[0], scope)})`;
  if (node instanceof nodes.InlineIf && node.else_) {
    const [condition, one, other] = [node.cond, node.body, node.else_].map((part) => compileExpression(part, scope));
    return `(${condition} ? ${one} : ${other})`;
  }
  const operator = OPERATORS.get(node.constructor);
  if (operator === undefined) throw new Unsupported(node.typename);
  return `(${compileExpression(node.left, scope)} ${operator} ${compileExpression(node.right, scope)})`;
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

function compare({ expr, ops }, scope) {
  const [{ expr: other, type }, ...more] = ops;
  if (more.length > 0) throw new Unsupported("several comparisons at once");
  return `(${compileExpression(expr, scope)} ${type} ${compileExpression(other, scope)})`;
}
