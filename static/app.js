// The author's pages: what they do beyond plain forms. Loaded in the head, so that a remembered colour scheme holds
// before the first paint. Every page works without it.
(() => {
  const root = document.documentElement;
  const ofSite = root.dataset.colourScheme ?? "";
  const KEY = "colour-scheme";
  const CLEARING_MS = 3000; // that a logout waits for this device

  // Storage may be forbidden to the page: then nothing is remembered.
  const remembered = () => {
    try {
      return localStorage.getItem(KEY) ?? "";
    } catch {
      return "";
    }
  };
  const remember = (scheme) => {
    try {
      if (scheme) localStorage.setItem(KEY, scheme);
      else localStorage.removeItem(KEY);
    } catch {}
  };
  const show = (scheme) => {
    root.dataset.colourScheme = scheme || ofSite;
  };
  show(remembered());

  document.addEventListener("DOMContentLoaded", () => {
    offerColourSchemes();
    for (const form of document.querySelectorAll("form[data-guard]")) guardUnsaved(form);
    for (const field of document.querySelectorAll("[data-selects]")) selectWith(field);
    for (const form of document.querySelectorAll('form[action="/logout"]')) clearAtLogout(form);
  });

  function offerColourSchemes() {
    const box = document.querySelector("[data-scheme]");
    if (!box) return;
    const select = box.querySelector("select");
    select.value = remembered();
    select.addEventListener("change", () => {
      remember(select.value);
      show(select.value);
    });
    box.hidden = false;
  }

  // Whoever uses a field means the choice that it belongs to.
  function selectWith(field) {
    field.addEventListener("input", () => {
      document.querySelector(field.dataset.selects).checked = true;
    });
  }

  // Asks before leaving a page with unsaved text; a submission is no leaving.
  function guardUnsaved(form) {
    let isUnsaved = "unsaved" in form.dataset;
    form.addEventListener("input", () => {
      isUnsaved = true;
    });
    form.addEventListener("submit", () => {
      isUnsaved = false;
    });
    addEventListener("beforeunload", (event) => {
      if (isUnsaved && !isKept(form)) event.preventDefault();
    });
    // Back from the next page, possibly one that refused the text: it is unsaved again.
    addEventListener("pageshow", (event) => {
      if (event.persisted) isUnsaved = true;
    });
  }

  // What the server has of it needs no question; files that were chosen or are on their way it has not.
  function isKept(form) {
    const hasFiles = [...form.querySelectorAll("input[type=file]")].some((field) => field.files.length > 0);
    return form.dataset.autosave === "saved" && !hasFiles && form.dataset.uploads === undefined;
  }

  // What the worker keeps on this device goes with the login that it was kept for: its page, and shares that wait.
  function clearAtLogout(form) {
    form.addEventListener("submit", (event) => {
      if (!navigator.serviceWorker || !globalThis.caches) return;
      event.preventDefault();
      const late = new Promise((resolve) => setTimeout(resolve, CLEARING_MS));
      void Promise.race([clearKept().catch(() => {}), late]).then(() => form.submit());
    });
  }

  async function clearKept() {
    const worker = await navigator.serviceWorker.getRegistration("/admin");
    await worker?.unregister();
    await caches.delete("starpunk-shell");
    await new Promise((resolve) => {
      const request = indexedDB.deleteDatabase("starpunk-shares");
      request.onsuccess = request.onerror = resolve;
    });
  }
})();
