import { expect, test } from "vitest";
import { hashPassword, isPassword, MAX_HASHES_AT_ONCE, NOBODYS_HASH, PASSWORD_COST } from "../../src/auth/password.ts";
import { CHEAP } from "../support/author.ts";

test("a password is known again by its hash, and another is not", async () => {
  const encoded = await hashPassword("a quiet walk at dusk", CHEAP);

  expect(await isPassword("a quiet walk at dusk", encoded)).toBe(true);
  expect(await isPassword("a quiet walk at dawn", encoded)).toBe(false);
  expect(await isPassword("", encoded)).toBe(false);
});

test("a hash names scheme, cost and salt, and no two of the same password are alike", async () => {
  const first = await hashPassword("a quiet walk at dusk", CHEAP);
  const second = await hashPassword("a quiet walk at dusk", CHEAP);

  expect(first).toMatch(/^\$scrypt\$ln=4,r=1,p=1\$[\w-]{22}\$[\w-]{43}$/);
  expect(second).not.toBe(first);
});

test("the cost of real hashes is 2^15, 8, 3, which the standard library's own limit would refuse", async () => {
  const encoded = await hashPassword("a quiet walk at dusk");

  expect(PASSWORD_COST).toEqual({ ln: 15, r: 8, p: 3 });
  expect(encoded).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$/);
  expect(await isPassword("a quiet walk at dusk", encoded)).toBe(true);
});

test("keyboards that compose letters in another way write the same password", async () => {
  const encoded = await hashPassword("Größe und Käse", CHEAP);

  expect(await isPassword("Größe und Käse".normalize("NFD"), encoded)).toBe(true);
});

test("nobody has the password of a site without an author, but it is verified at the full cost", async () => {
  const startedAt = performance.now();
  const isRight = await isPassword("a quiet walk at dusk", NOBODYS_HASH);

  expect(isRight).toBe(false);
  expect(NOBODYS_HASH).toContain("ln=15,r=8,p=3");
  expect(performance.now() - startedAt).toBeGreaterThan(20);
});

test("a hash of a scheme from the future is an error, not a wrong password", async () => {
  await expect(isPassword("x", "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA")).rejects.toThrow("scheme unknown");
});

test("hashing leaves the event loop and half of the threads free", async () => {
  let ticks = 0;
  const timer = setInterval(() => {
    ticks += 1;
  }, 5);
  const hashes = Array.from({ length: MAX_HASHES_AT_ONCE + 2 }, () => hashPassword("a quiet walk at dusk"));
  await Promise.all(hashes);
  clearInterval(timer);

  expect(MAX_HASHES_AT_ONCE).toBe(2);
  expect(ticks).toBeGreaterThan(10);
});
