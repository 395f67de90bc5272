import { afterAll, expect, test } from "vitest";
import { createToken } from "../../src/auth/tokens.ts";
import { testApp } from "../support/app.ts";
import { createAuthor } from "../support/author.ts";
import { openPage, startChromium } from "../support/chromium.ts";
import { elsewhere } from "../support/elsewhere.ts";
import { mp4 } from "../support/films.ts";
import { picture } from "../support/images.ts";
import { startHttp } from "../support/loopback.ts";

const browser = await startChromium();

afterAll(() => browser.close());

test("a browser loads a photo that is late from its own address, a film too, and nothing else from that server", async () => {
  const png = await picture(40, 30).png().toBuffer();
  const asked: string[] = [];
  await using other = await startHttp((req, res) => {
    asked.push(req.url ?? "");
    if (req.url?.startsWith("/sea") === true) res.setHeader("Content-Type", "video/mp4").end(mp4());
    else res.setHeader("Content-Type", "image/png").end(png);
  });
  const [photo, film] = [`${other.origin}/a%20cat,1.png?size=1&x=2`, `${other.origin}/sea.mp4`];
  const late = { reason: "The server took too long for its whole answer." };
  const { ctx, http, port } = await testApp({ fetch: elsewhere({ [photo]: late, [film]: late }).fetch });
  await createAuthor(ctx);
  const { token } = await createToken(ctx, { scope: "create", clientId: "https://app.example/" });
  const properties = { content: ["Look"], photo: [{ value: photo, alt: "A cat" }], video: [film], "mp-slug": ["look"] };
  await http
    .post("/micropub")
    .set("Authorization", `Bearer ${token}`)
    .send({ type: ["h-entry"], properties })
    .expect(201);

  const { page } = await openPage(browser);
  await page.goto(`http://127.0.0.1:${port}/notes/look`);
  await page.waitForFunction(() => (document.querySelector<HTMLImageElement>("img.u-photo")?.naturalWidth ?? 0) > 0);
  const loadsMore = await page.evaluate(async (url) => {
    const image = new Image();
    return await new Promise<boolean>((resolve) => {
      image.onload = () => resolve(true);
      image.onerror = () => resolve(false);
      image.src = url;
    });
  }, `${other.origin}/another.png`);
  await expect.poll(() => asked.includes("/sea.mp4"), { timeout: 30_000 }).toBe(true);
  await page.context().close();

  expect(loadsMore).toBe(false);
  expect(asked).toContain("/a%20cat,1.png?size=1&x=2");
  expect(asked).not.toContain("/another.png");
});
