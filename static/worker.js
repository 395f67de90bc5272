// The worker of the author's pages: it keeps what other apps share to the site until the server has it, and one page to
// show when the site cannot be reached. Its scope is /admin: no page for readers ever meets it, and of the author's own it
// keeps none.
import { deliver, keep, toShare } from "./share-queue.js";

const SHELL = "starpunk-shell";
const OFFLINE = "/admin/offline";
const MAX_FILES = 50; // that the server takes at once

addEventListener("install", (event) => event.waitUntil(keepShell().then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("sync", (event) => event.waitUntil(deliver({ isSeen: false })));

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  const isPage = request.mode === "navigate" && request.destination === "document";
  if (isPage && request.method === "POST" && pathname === "/admin/share") event.respondWith(keepShare(request));
  else if (isPage && request.method === "GET") event.respondWith(fetch(request).catch(() => kept(OFFLINE)));
  else if (request.method === "GET" && pathname.startsWith("/static/")) event.respondWith(asset(request));
});

// The offline page and the files that it names, whole or not at all; what an older worker kept goes.
async function keepShell() {
  const page = await fetch(OFFLINE, { cache: "no-store" });
  if (!page.ok || page.redirected) throw new Error("The site does not answer.");
  const names = [...(await page.clone().text()).matchAll(/"(\/static\/[^"]+)"/g)].map(([, path]) => path);
  const files = await Promise.all([...new Set(names)].map(async (path) => [path, await fetch(path)]));
  if (files.some(([, file]) => !file.ok)) throw new Error("A file is missing.");
  await caches.delete(SHELL);
  const shell = await caches.open(SHELL);
  await shell.put(OFFLINE, page);
  for (const [path, file] of files) await shell.put(path, file);
}

async function kept(path) {
  return (await caches.match(path, { cacheName: SHELL })) ?? Response.error();
}

// Their names change with their bytes: one that is kept is right.
async function asset(request) {
  return (await caches.match(request, { cacheName: SHELL })) ?? fetch(request);
}

// The answer leads to the page that delivers it: there the author sees what becomes of it.
async function keepShare(request) {
  const untouched = request.clone();
  try {
    const form = await request.formData();
    const [title, text, url] = ["title", "text", "url"].map((name) => String(form.get(name) ?? ""));
    const files = form.getAll("photos").filter((file) => file instanceof File && file.size > 0);
    await keep(toShare({ title, text, url, files: files.slice(0, MAX_FILES) }));
    for (let from = MAX_FILES; from < files.length; from += MAX_FILES) {
      await keep(toShare({ files: files.slice(from, from + MAX_FILES) }));
    }
  } catch {
    // The disk of the device is full, or may not be written: then the server gets it at once.
    return fetch(untouched);
  }
  await registration.sync?.register("shares").catch(() => {});
  return Response.redirect("/admin/share", 303);
}
