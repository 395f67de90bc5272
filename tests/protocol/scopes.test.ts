import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createToken } from "../../src/auth/tokens.ts";
import type { StoredNote } from "../../src/notes/note-store.ts";
import { findNote } from "../../src/notes/note-store.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { trashNote } from "../../src/notes/trash.ts";
import { openTestApp, SITE_URL } from "../support/app.ts";
import { createAuthor } from "../support/author.ts";
import { picture } from "../support/images.ts";

type App = Awaited<ReturnType<typeof openTestApp>>;
type Answer = { status: number; headers: Record<string, string>; body: { error?: string; scope?: string } };

/** What an app may do: the requests that do it, and the scopes of which one is enough. */
type Action = {
  readonly name: string;
  /** Empty: whatever token works. The first is the one that a refusal names. */
  readonly needs: readonly string[];
  /** 401 at Micropub, 403 elsewhere. */
  readonly refusal?: 401 | 403;
  readonly act: (site: Site) => PromiseLike<Answer>;
};

/** A site with a token; the address of a note of each status, fresh for each action that wants one. */
type Site = {
  readonly get: (path: string) => PromiseLike<Answer>;
  readonly post: (body: object) => PromiseLike<Answer>;
  readonly upload: (path: string, part: string, fields?: Record<string, string>) => PromiseLike<Answer>;
  readonly removeFile: () => PromiseLike<Answer>;
  readonly introspect: () => PromiseLike<Answer>;
  readonly note: (status: "published" | "draft" | "trashed") => Promise<string>;
};

const READING = ["create", "draft", "update", "delete", "undelete"];
const WRITING = ["create", "draft", "update"];
const MEDIA = "/micropub/media";
const ADMIN = { madeBy: "admin" };
const entry = (properties: object) => ({ type: ["h-entry"], properties: { content: ["By an app"], ...properties } });

const ACTIONS: readonly Action[] = [
  { name: "create", needs: ["create", "draft"], act: ({ post }) => post(entry({})) },
  { name: "create as draft", needs: ["create", "draft"], act: ({ post }) => post(entry({ "post-status": ["draft"] })) },
  {
    name: "create with a file",
    needs: ["create", "draft"],
    act: ({ upload }) => upload("/micropub", "photo", { content: "x" }),
  },
  {
    name: "update",
    needs: ["update"],
    act: async ({ post, note }) =>
      post({ action: "update", url: await note("published"), replace: { content: ["y"] } }),
  },
  {
    name: "update a draft",
    needs: ["update"],
    act: async ({ post, note }) => post({ action: "update", url: await note("draft"), replace: { content: ["y"] } }),
  },
  {
    name: "take back to draft",
    needs: ["update"],
    act: async ({ post, note }) =>
      post({ action: "update", url: await note("published"), replace: { "post-status": ["draft"] } }),
  },
  {
    name: "delete",
    needs: ["delete"],
    act: async ({ post, note }) => post({ action: "delete", url: await note("published") }),
  },
  {
    name: "undelete",
    needs: ["undelete"],
    act: async ({ post, note }) => post({ action: "undelete", url: await note("trashed") }),
  },
  { name: "upload", needs: ["media", "create", "draft"], act: ({ upload }) => upload(MEDIA, "file") },
  { name: "delete a file", needs: ["delete"], act: ({ removeFile }) => removeFile() },
  { name: "q=last of files", needs: ["media", "create", "update"], act: ({ get }) => get(`${MEDIA}?q=last`) },
  { name: "q=source of files", needs: ["media", "create", "update"], act: ({ get }) => get(`${MEDIA}?q=source`) },
  { name: "q=config", needs: [], act: ({ get }) => get("/micropub?q=config") },
  { name: "q=syndicate-to", needs: [], act: ({ get }) => get("/micropub?q=syndicate-to") },
  { name: "q=post-types", needs: [], act: ({ get }) => get("/micropub?q=post-types") },
  { name: "q=channel", needs: [], act: ({ get }) => get("/micropub?q=channel") },
  { name: "q=category", needs: WRITING, act: ({ get }) => get("/micropub?q=category") },
  { name: "q=contact", needs: WRITING, act: ({ get }) => get("/micropub?q=contact") },
  { name: "q=source of a list", needs: READING, act: ({ get }) => get("/micropub?q=source") },
  {
    name: "q=source of a post",
    needs: READING,
    act: async ({ get, note }) => get(`/micropub?q=source&url=${await note("published")}`),
  },
  { name: "userinfo", needs: ["profile"], refusal: 403, act: ({ get }) => get("/userinfo") },
  { name: "introspection", needs: [], act: ({ introspect }) => introspect() },
  { name: "the old way to ask about a token", needs: [], act: ({ get }) => get("/token") },
];

const KNOWN = ["create", "update", "delete", "undelete", "draft", "media", "profile", "metrics"];
/** Every scope alone, also those that are not known here, and what goes together; the empty one is no scope at all. */
const SCOPES = [
  ...["", "email", "read", ...KNOWN, "profile email", "create media", "create draft", "draft update"],
  ...["draft media", "delete undelete", "update delete", "create update delete undelete media profile"],
];

let app: App;
let png: Buffer;
let unique = 0;
const tokens = new Map<string, { token: string; clientId: string }>();

beforeAll(async () => {
  app = await openTestApp();
  await createAuthor(app.ctx);
  png = await picture(4, 4).png().toBuffer();
});
afterAll(async () => app.close());

describe.each(SCOPES)("with the scope “%s”", (scope) => {
  test.each(ACTIONS)("$name", async ({ needs, refusal = 401, act }) => {
    const token = await tokenWith(scope);
    const { site, changes } = siteFor(token);
    const isAllowed = needs.length === 0 || needs.some((each) => scope.split(" ").includes(each));

    const answer = await act(site);

    if (isAllowed) {
      expect([200, 201, 204]).toContain(answer.status);
      expect(madeBy(token.clientId).every(({ status }) => scope.includes("create") || status === "draft")).toBe(true);
      return;
    }
    expect([answer.status, answer.body]).toEqual([
      refusal,
      { error: "insufficient_scope", error_description: expect.stringContaining(needs.join(" or ")), scope: needs[0] },
    ]);
    expect(answer.headers["www-authenticate"]).toBe(`Bearer error="insufficient_scope", scope="${needs[0]}"`);
    expect(changes()).toBe(0);
  });
});

test.each([
  ["update", 204],
  ["create update", 204],
  ["draft update", 401],
  ["create draft update", 204],
])(
  "with “%s” an update that publishes a draft is answered %i: who may only draft publishes on no way",
  async (scope, status) => {
    const { site } = siteFor(await tokenWith(scope));

    const answer = await site.post({
      action: "update",
      url: await site.note("draft"),
      replace: { "post-status": ["published"] },
    });

    expect(answer.status).toBe(status);
  },
);

/** A token with these scopes, as a consent gives them: known here or not, or none. Always the same one. */
async function tokenWith(scope: string): Promise<{ token: string; clientId: string }> {
  const known = tokens.get(scope);
  if (known !== undefined) return known;
  const clientId = `https://app-${tokens.size}.example/`;
  const { token } = await createToken(app.ctx, { scope: "create", clientId });
  const given = { clientId, scope };
  await app.ctx.db.write(() => {
    app.ctx.db.run("UPDATE grants SET scope = :scope WHERE client_id = :clientId", given);
    app.ctx.db.run("UPDATE tokens SET scope = :scope WHERE client_id = :clientId", given);
  });
  tokens.set(scope, { token, clientId });
  return { token, clientId };
}

function siteFor({ token, clientId }: { token: string; clientId: string }) {
  const { ctx, http } = app;
  const made: StoredNote[] = [];
  const before = madeBy(clientId).length;
  const make = async (status: string): Promise<StoredNote> => {
    unique += 1;
    const save = status === "draft" ? saveDraft : publishNote;
    const note = await save(ctx, { content: `A note ${unique}` }, ADMIN);
    if (status === "trashed") await trashNote(ctx, note.id, ADMIN);
    return findNote(ctx.db, note.id) ?? note;
  };
  const bearer = ["Authorization", `Bearer ${token}`] as const;
  const upload = (path: string, part: string, fields: Record<string, string> = {}) => {
    const request = http.post(path).set(...bearer);
    for (const [name, value] of Object.entries(fields)) request.field(name, value);
    return request.attach(part, Buffer.concat([png, Buffer.from(String(unique))]), "x.png");
  };
  const site: Site = {
    get: (path) => http.get(path).set(...bearer),
    post: (body) =>
      http
        .post("/micropub")
        .set(...bearer)
        .send(body),
    upload,
    async removeFile() {
      const other = await tokenWith("media");
      const made = await http.post(MEDIA).set("Authorization", `Bearer ${other.token}`).attach("file", png, "x.png");
      const form = { action: "delete", url: made.headers.location };
      return await http
        .post(MEDIA)
        .set(...bearer)
        .type("form")
        .send(form);
    },
    introspect: () =>
      http
        .post("/introspect")
        .set(...bearer)
        .type("form")
        .send({ token }),
    async note(status) {
      const note = await make(status);
      made.push(note);
      return `${SITE_URL}/notes/${note.slug}`;
    },
  };
  const changed = () => made.filter(({ id, version }) => findNote(ctx.db, id)?.version !== version);
  return { site, changes: () => madeBy(clientId).length - before + changed().length };
}

function madeBy(clientId: string): { status: string }[] {
  return app.ctx.db.all("SELECT status FROM notes WHERE made_by = :clientId", { clientId });
}
