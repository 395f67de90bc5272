import { existsSync, readdirSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { mp4 } from "../support/films.ts";
import { createFolder, startServing } from "../support/server-process.ts";
import { setUpSite } from "../support/site-author.ts";
import { until } from "../support/until.ts";

/** Begins to upload a film, and stops in the middle of it with the connection open. */
function uploadHalf(port: number, token: string): void {
  const film = mp4({ dataBytes: 400_000 });
  const head = '--b\r\nContent-Disposition: form-data; name="file"; filename="sea.mp4"\r\n\r\n';
  const socket = connect(port, "127.0.0.1", () => {
    socket.write(
      `POST /micropub/media HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n` +
        `Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 500000\r\n\r\n${head}`,
    );
    socket.write(film.subarray(0, 300_000));
  });
  socket.on("error", () => undefined); // The server is killed.
}

test("an upload that a kill breaks off leaves nothing behind: no file, no row, once the next start has swept", {
  timeout: 120_000,
}, async () => {
  const folder = createFolder();
  const { token } = await setUpSite(folder);
  const uploads = join(folder, "uploads");
  const list = (name: string) => (existsSync(join(folder, name)) ? readdirSync(join(folder, name)) : []);
  const killed = await startServing(folder);
  uploadHalf(killed.port, token);
  await until(() => expect(list("uploads")).toHaveLength(2));

  killed.child.kill("SIGKILL");
  await killed.exited;
  const afterKill = readdirSync(uploads);
  const next = await startServing(folder);

  await until(() => expect(list("uploads")).toEqual([]));
  expect(afterKill).toHaveLength(2);
  expect(list("media")).toEqual([]);
  const query = await fetch(`${next.url}/micropub/media?q=source`, { headers: { Authorization: `Bearer ${token}` } });
  expect(await query.json()).toEqual({ items: [] });
});
