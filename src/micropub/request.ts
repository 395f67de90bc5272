import { invalid } from "../lib/errors.ts";

/** Values by property name; each a list, whatever the client sent. */
export type Mf2Properties = Readonly<Record<string, readonly unknown[]>>;

/** What a client asks for. Commands are the `mp-…` parameters, without that prefix; they are never stored. */
export type MicropubRequest =
  | {
      readonly action: "create";
      readonly type: string;
      readonly properties: Mf2Properties;
      readonly commands: Mf2Properties;
    }
  | { readonly action: "update"; readonly url: string; readonly changes: Mf2Changes; readonly commands: Mf2Properties }
  | { readonly action: "delete" | "undelete"; readonly url: string };

/** An update (§3.4): what each property is to be, to get, or to lose. */
export type Mf2Changes = {
  readonly replace: Mf2Properties;
  readonly add: Mf2Properties;
  /** Whole properties by name, or some of their values. */
  readonly remove: readonly string[] | Mf2Properties;
};

const RESERVED = new Set(["access_token", "h", "action", "url"]);

/**
 * Reads a form (§3.1.1): `category[]` and repeated names are lists, `h` is the type, `mp-…` are commands.
 * Throws `invalid` for an unknown action, an update (JSON only), a missing url or an empty create.
 * @see https://www.w3.org/TR/micropub/#form-encoded-and-multipart-requests
 */
export function parseFormRequest(fields: ReadonlyMap<string, readonly string[]>): MicropubRequest {
  const first = (name: string) => fields.get(name)?.[0] ?? "";
  const action = first("action");
  if (action === "update") throw invalid("action", "An update is sent as JSON.");
  if (action !== "" && action !== "create") return parseRemoval(action, first("url"));
  const values = new Map<string, string[]>();
  for (const [name, sent] of fields) {
    const bare = name.replace(/\[\]$/u, "");
    if (!RESERVED.has(bare)) values.set(bare, [...(values.get(bare) ?? []), ...sent.filter((value) => value !== "")]);
  }
  return toCreate(
    first("h") || "entry",
    [...values].filter(([, list]) => list.length > 0),
  );
}

/**
 * Reads a JSON body (§3.3.2, §3.4). Throws `invalid` for any other shape.
 * @see https://www.w3.org/TR/micropub/#json-syntax
 */
export function parseJsonRequest(body: unknown): MicropubRequest {
  if (!isTable(body)) throw invalid("request", "The body is no JSON object.");
  const action = own(body, "action");
  if (action === undefined || action === "create") return parseJsonCreate(body);
  if (action !== "update") return parseRemoval(action, own(body, "url"));
  const url = requireUrl(own(body, "url"));
  const changes = parseChanges(body);
  const commands = toRecord(toCommands([...Object.entries(changes.replace), ...topLevelCommands(body)]));
  return { action: "update", url, changes: withoutCommands(changes), commands };
}

function parseJsonCreate(body: Record<string, unknown>): MicropubRequest {
  const types = own(body, "type") ?? ["h-entry"];
  const [type] = Array.isArray(types) ? types : [];
  if (typeof type !== "string" || !/^h-[a-z0-9-]{1,40}$/u.test(type)) {
    throw invalid("type", '“type” is a list with one microformats type, such as ["h-entry"].');
  }
  const properties = parseProperties(own(body, "properties") ?? {}, "properties");
  return toCreate(type.slice(2), [...Object.entries(properties), ...topLevelCommands(body)]);
}

type Entry = readonly [name: string, values: readonly unknown[]];

/** Some clients send commands beside the properties. */
function topLevelCommands(body: Record<string, unknown>): Entry[] {
  const commands = Object.entries(body).filter(([name, value]) => isCommand(name) && value !== null);
  return commands.map(([name, value]) => [name, Array.isArray(value) ? value : [value]]);
}

function toCreate(type: string, entries: readonly Entry[]): MicropubRequest {
  const properties = entries.filter(([name]) => isProperty(name));
  if (properties.length === 0)
    throw invalid("properties", "There is nothing in this post. Send content or another property.");
  return { action: "create", type, properties: toRecord(properties), commands: toRecord(toCommands(entries)) };
}

function toCommands(entries: readonly Entry[]): Entry[] {
  return entries.filter(([name]) => isCommand(name)).map(([name, values]) => [name.slice("mp-".length), values]);
}

function withoutCommands({ replace, add, remove }: Mf2Changes): Mf2Changes {
  const properties = (table: Mf2Properties) => toRecord(Object.entries(table).filter(([name]) => isProperty(name)));
  return { replace: properties(replace), add: properties(add), remove };
}

function isCommand(name: string): boolean {
  return name.startsWith("mp-");
}

/** Whether it belongs to the post: no command, and no part of the request, such as the token. */
function isProperty(name: string): boolean {
  return !isCommand(name) && !RESERVED.has(name);
}

function parseRemoval(action: unknown, url: unknown): MicropubRequest {
  if (action !== "delete" && action !== "undelete") {
    throw invalid("action", "The action is one of create, update, delete and undelete.");
  }
  return { action, url: requireUrl(url) };
}

function parseChanges(body: Record<string, unknown>): Mf2Changes {
  const replace = parseProperties(own(body, "replace") ?? {}, "replace");
  const add = parseProperties(own(body, "add") ?? {}, "add");
  const remove = parseRemove(own(body, "delete") ?? []);
  const removed = Array.isArray(remove) ? remove.length : Object.keys(remove).length;
  if (Object.keys(replace).length + Object.keys(add).length + removed === 0) {
    throw invalid("action", "An update has at least one of replace, add and delete.");
  }
  return { replace, add, remove };
}

function parseRemove(value: unknown): readonly string[] | Mf2Properties {
  if (!Array.isArray(value)) return parseProperties(value, "delete");
  if (value.every((name) => typeof name === "string")) return value;
  throw invalid("delete", "“delete” is a list of property names, or an object of lists of values.");
}

function parseProperties(value: unknown, field: string): Mf2Properties {
  if (!isTable(value)) throw invalid(field, `“${field}” is an object whose values are lists.`);
  const entries = Object.entries(value);
  const wrong = entries.find(([, list]) => !Array.isArray(list));
  if (wrong !== undefined) throw invalid(field, `“${wrong[0].slice(0, 40)}” in “${field}” is no list.`);
  return toRecord(entries as [string, unknown[]][]);
}

/** Names such as `__proto__` become plain keys of an object without a prototype. */
function toRecord(entries: readonly Entry[]): Mf2Properties {
  const record: Record<string, readonly unknown[]> = Object.create(null);
  for (const [name, list] of entries) {
    record[name] = [...(record[name] ?? []), ...list];
  }
  return record;
}

function requireUrl(url: unknown): string {
  if (typeof url !== "string" || url === "") throw invalid("url", "“url” is missing: which post is meant?");
  return url;
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function own(table: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
