/** An object that another server sent as JSON. Names such as `__proto__` are its own, so it is read by `textIn` alone. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The object that a text is in JSON; undefined for anything else. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as JsonObject) : undefined;
  } catch {
    return undefined; // What is no JSON says nothing, and that is all there is to it.
  }
}

/** A text in such an object; empty where there is none of that name. */
export function textIn(object: JsonObject, name: string): string {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return typeof value === "string" ? value : "";
}
