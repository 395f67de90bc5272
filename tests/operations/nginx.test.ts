import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import type { IncomingMessage, RequestListener } from "node:http";
import type { RequestOptions } from "node:https";
import { Agent, request } from "node:https";
import { connect } from "node:net";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { createSite } from "../../src/app.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { listAssets } from "../../src/web/assets.ts";
import { createClientAddress } from "../../src/web/client-address.ts";
import { MAX_UPLOAD_BYTES } from "../../src/web/multipart.ts";
import { createAuthor } from "../support/author.ts";
import { testContext } from "../support/context.ts";
import { fillIn, startService } from "../support/front-server.ts";
import { startTcp } from "../support/loopback.ts";
import { testServer } from "../support/server.ts";
import { createFolder, findFreePort } from "../support/server-process.ts";

/** How long a test may take on a busy machine, in milliseconds: nginx starts in each. */
const TIMEOUT_MS = 60_000;

type Got = { status: number; headers: IncomingMessage["headers"]; body: Buffer };

/** The site, which is told what comes to it, behind nginx with https. `own` answers some requests instead. */
async function site(own: (path: string) => RequestListener | undefined = () => undefined) {
  const { ctx } = await testContext({
    config: { SITE_URL: "https://blog.example", TRUST_PROXY: ["loopback"], FEED_ITEMS: "all" },
  });
  await createAuthor(ctx);
  await publishNote(ctx, { content: "hello ".repeat(500), slug: "hello" }, { madeBy: "admin" });
  const { listener } = createSite(ctx);
  const arrived: IncomingMessage[] = [];
  const { port } = await testServer((req, res) => {
    arrived.push(req);
    (own(req.url ?? "") ?? listener)(req, res);
  });
  const line = await startTcp((socket) => {
    const onward = connect(port, "127.0.0.1").on("error", () => socket.destroy());
    socket.pipe(onward).pipe(socket);
  });
  onTestFinished(() => line[Symbol.asyncDispose]());
  return { ctx, arrived, connections: line.connections, ...(await startNginx(line.port)) };
}

/** nginx with docs/operations/nginx.conf, in front of a port. */
async function startNginx(originPort: number) {
  const dir = createFolder();
  const [plainPort, port] = [await findFreePort(), await findFreePort()];
  const [key, certificate] = [join(dir, "key.pem"), join(dir, "certificate.pem")];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
  const files = ["-nodes", "-keyout", key, "-out", certificate, "-subj", "/CN=blog.example"];
  execFileSync("openssl", ["req", "-x509", ...curve, ...files], { stdio: "pipe" });
  const siteFile = fillIn("nginx.conf", {
    "127.0.0.1:3000": `127.0.0.1:${originPort}`,
    "listen 80;": `listen 127.0.0.1:${plainPort};`,
    "listen [::]:80;": "",
    "listen 443 ssl http2;": `listen 127.0.0.1:${port} ssl http2;`,
    "listen [::]:443 ssl http2;": "",
    "/etc/letsencrypt/live/blog.example/fullchain.pem": certificate,
    "/etc/letsencrypt/live/blog.example/privkey.pem": key,
    "/var/cache/nginx/starpunk": join(dir, "cache"),
  });
  const folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${dir}/${name};`,
  );
  const http = `access_log off; ${folders.join(" ")} gzip on; gzip_types *; include ${siteFile};`;
  const user = process.getuid?.() === 0 ? "user root;" : "";
  const main = join(dir, "main.conf");
  writeFileSync(main, `daemon off; ${user} pid ${dir}/pid; error_log stderr; events {} http { ${http} }\n`);
  await startService(["nginx", "-p", dir, "-c", main, "-e", "stderr"], `http://127.0.0.1:${plainPort}/`);

  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  const ask = (path: string, options: RequestOptions = {}, body?: string) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const to = { host: "127.0.0.1", port, path, agent, rejectUnauthorized: false, ...options };
      request({ ...to, headers: { Host: "blog.example", ...options.headers } }, resolve)
        .on("error", reject)
        .end(body);
    });
  const get = async (path: string, options: RequestOptions = {}, body?: string): Promise<Got> => {
    const answer = await ask(path, options, body);
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    return { status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) };
  };
  return { ask, get, plainUrl: `http://127.0.0.1:${plainPort}` };
}

test(
  "nginx serves files of the site itself once it has them, as the site would, and leads http to https",
  async () => {
    const { get, arrived, plainUrl } = await site();
    const asset = listAssets().find(({ name }) => name === "site.css");
    const path = asset?.path ?? "";

    const answers: Got[] = [];
    for (let turn = 0; turn < 5; turn += 1) answers.push(await get(path));
    const plain = await fetch(`${plainUrl}/notes/hello?x=1`, { redirect: "manual" });

    for (const { status, headers, body } of answers) {
      expect([status, body.equals(asset?.bytes ?? Buffer.alloc(0))]).toEqual([200, true]);
      expect(headers).toMatchObject({
        "content-type": "text/css; charset=utf-8",
        "cache-control": "public, max-age=31536000, immutable",
        "x-content-type-options": "nosniff",
      });
    }
    expect(arrived.filter(({ url }) => url === path)).toHaveLength(1);
    expect([plain.status, plain.headers.get("location")]).toEqual([301, "https://blog.example/notes/hello?x=1"]);
  },
  TIMEOUT_MS,
);

test(
  "the site learns who asks, whatever visitors say of themselves, and that they came by https",
  async () => {
    const { get, arrived } = await site();
    const lie = { "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "gopher" };

    const page = await get("/login", { localAddress: "127.0.0.2", agent: false, headers: lie });

    const seen = arrived.at(-1);
    expect(seen && createClientAddress(["loopback"])(seen)).toBe("127.0.0.2");
    expect(seen?.headers).toMatchObject({ "x-forwarded-proto": "https", host: "blog.example" });
    expect(String(page.headers["set-cookie"])).toMatch(/^__Host-starpunk_form=.*; Secure/);
  },
  TIMEOUT_MS,
);

test(
  "validators and codings are those of the site: 304, Brotli and gzip, each once",
  async () => {
    const { get } = await site();
    const plain = await get("/notes/hello");
    const tag = String(plain.headers.etag);

    const unchanged = await get("/notes/hello", { headers: { "If-None-Match": tag } });
    const br = await get("/notes/hello", { headers: { "Accept-Encoding": "br" } });
    const gzip = await get("/notes/hello", { headers: { "Accept-Encoding": "gzip" } });

    expect([unchanged.status, unchanged.body.length, unchanged.headers.etag]).toEqual([304, 0, tag]);
    expect([br.headers["content-encoding"], gzip.headers["content-encoding"]]).toEqual(["br", "gzip"]);
    expect(brotliDecompressSync(br.body).equals(plain.body)).toBe(true);
    expect(gunzipSync(gzip.body).equals(plain.body)).toBe(true);
    expect([br.headers.etag, gzip.headers.etag]).toEqual([tag, tag]);
  },
  TIMEOUT_MS,
);

test(
  "the first bytes of a long answer reach its reader before the last are made",
  async () => {
    const ending: { send: () => void } = { send: () => undefined };
    const { ask, get } = await site((path) =>
      path !== "/slow"
        ? undefined
        : (_, res) => {
            res.write("the first");
            ending.send = () => res.end(" and the last");
          },
    );

    const answer = await ask("/slow");
    const chunks = answer[Symbol.asyncIterator]();
    const first = await chunks.next();
    ending.send();
    const second = await chunks.next();
    const feed = await get("/feed.xml");

    expect([String(first.value), String(second.value)]).toEqual(["the first", " and the last"]);
    expect(String(feed.body)).toContain("</rss>");
  },
  TIMEOUT_MS,
);

test(
  "connections to the site are kept",
  async () => {
    const { get, connections } = await site();

    for (let turn = 0; turn < 20; turn += 1) expect((await get("/notes/hello")).status).toBe(200);

    expect(connections()).toBeLessThanOrEqual(2);
  },
  TIMEOUT_MS,
);

test(
  "what the site takes passes, and no more does",
  async () => {
    const { get, arrived } = await site();
    const [, megabytes] = /client_max_body_size (\d+)m;/.exec(readFileSync("docs/operations/nginx.conf", "utf8")) ?? [];
    const post = (headers: Record<string, string | number>) => ({ method: "POST", agent: false as const, headers });

    const upload = await get("/micropub", post({ "Content-Type": "text/plain" }), "x".repeat(3_000_000));
    const seen = arrived.length;
    const tooLarge = await get("/micropub", post({ "Content-Length": MAX_UPLOAD_BYTES + 1, Expect: "100-continue" }));
    const purge = await get("/", { method: "PURGE" });

    expect(Number(megabytes) * 1024 * 1024).toBe(MAX_UPLOAD_BYTES);
    expect(upload.headers["x-request-id"]).toBeDefined();
    expect([tooLarge.status, purge.status]).toEqual([413, 405]);
    expect(arrived).toHaveLength(seen);
  },
  TIMEOUT_MS,
);
