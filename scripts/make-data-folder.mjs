// Makes tests/fixtures/data-VERSION.tar.gz: a data folder of this release with something in every table, which every
// later release must open. Run it once, right before a release: `npm run build && node scripts/make-data-folder.mjs`.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
const PORT = 38471;
const URL_HERE = `http://127.0.0.1:${PORT}`;
const PASSWORD = "a quiet walk at dusk";
const IMAGE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

const parent = mkdtempSync(join(tmpdir(), "starpunk-fixture-"));
const env = { PATH: process.env.PATH, DATA_DIR: join(parent, "data"), PORT: String(PORT), SITE_URL: URL_HERE };

function run(words, input = "") {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, "dist/main.js"), ...words], {
    env,
    input,
  });
  if (status !== 0) throw new Error(`${words.join(" ")}: ${stderr}`);
  return String(stdout).trim();
}

async function micropub(token, body) {
  const isForm = body instanceof FormData;
  const answer = await fetch(`${URL_HERE}/micropub`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, ...(isForm ? {} : { "Content-Type": "application/json" }) },
    body: isForm ? body : JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  return answer.headers.get("Location") ?? "";
}

const create = (properties, commands = {}) => ({ type: ["h-entry"], properties, ...commands });

async function fill(token) {
  const photo = new FormData();
  photo.set("content", "A note with a photo #pictures");
  photo.set("photo", new Blob([IMAGE], { type: "image/png" }), "dot.png");
  await micropub(token, photo);
  const first = await micropub(
    token,
    create({ name: ["First title"], content: [{ html: "<p>Some <b>bold</b> words</p>" }], category: ["One", "Zwei"] }),
  );
  await micropub(token, {
    action: "update",
    url: first,
    replace: { "mp-slug": ["renamed"] },
    add: { category: ["three"] },
  });
  await micropub(
    token,
    create({ content: ["Plain text, مرحبا 日本語"], "x-mood": ["fine"], published: ["2020-02-02T02:02:02-08:00"] }),
  );
  await micropub(token, create({ content: ["A draft"], "post-status": ["draft"] }));
  await micropub(token, create({ content: ["Not for lists"], visibility: ["unlisted"] }));
  await micropub(token, create({ content: ["For the author alone"], visibility: ["private"] }));
  await micropub(token, create({ content: ["In the far future"], published: ["2199-01-01T00:00:00Z"] }));
  const trashed = await micropub(token, create({ content: ["Thrown away"] }));
  await micropub(token, { action: "delete", url: trashed });
}

const setUp = ["setup", "--name", "Ada", "--title", "Ada writes", "--time-zone", "Europe/Berlin", "--password-stdin"];
run(setUp, `${PASSWORD}\n`);
const token = run(["token", "create", "--scope", "create update delete undelete", "--client", "https://app.example/"]);
const server = spawn(process.execPath, [join(ROOT, "dist/main.js"), "serve"], {
  env,
  stdio: ["ignore", "ignore", "pipe"],
});
for await (const line of server.stderr) if (String(line).includes("StarPunk is at")) break;
await fill(token);
server.kill("SIGTERM");
await once(server, "exit");

const archive = join(ROOT, `tests/fixtures/data-${version}.tar.gz`);
rmSync(join(parent, "data/logs"), { recursive: true, force: true });
spawnSync("tar", ["-czf", archive, "--owner=0", "--group=0", "-C", parent, "data"], { stdio: "inherit" });
rmSync(parent, { recursive: true, force: true });
console.log(archive);
