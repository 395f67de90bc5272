/** Frames of the stack that are looked through for a name. */
const FRAMES = 16;

/**
 * What belongs to the database itself: a statement is named by whoever called it. In the bundle a private method stands
 * without its class, and stores have none.
 */
const OWN = /^(?:#|_?(?:Connection|Database|Writer|Lease|LeasePool|Checkpointer)\d*\.)/;

/** Name of a statement whose function has none. */
const UNNAMED = "unnamed";

/**
 * The name of the function that asked for a statement, from the stack: `listNewest` of a store. Dear, so it is asked for
 * once for each statement, when that is compiled.
 */
export function callerName(): string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = FRAMES;
  const { stack = "" } = new Error();
  Error.stackTraceLimit = stackTraceLimit;
  const names = stack.split("\n").map((line) => /^ +at (?:async )?([\w$.#]+) \(/.exec(line)?.[1]);
  return names.find((name) => name !== undefined && name !== callerName.name && !OWN.test(name)) ?? UNNAMED;
}
