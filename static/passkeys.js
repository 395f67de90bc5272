// Asks the author's device to make a passkey, or to sign in with one, for the forms that say so by data-passkey. The
// answer goes into the form's hidden field and the form is sent as any other; the server says what is wrong with it.
const RENEW_MS = 60_000; // before a challenge ends that waits in the browser's list of suggestions

const canAsk = () =>
  typeof globalThis.PublicKeyCredential?.parseCreationOptionsFromJSON === "function" &&
  typeof PublicKeyCredential.parseRequestOptionsFromJSON === "function" &&
  navigator.credentials !== undefined;

function makeIn(form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void attempt(form, async () => {
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(await begin(form));
      send(form, await navigator.credentials.create({ publicKey }));
    });
  });
}

function useIn(form) {
  const offer = form.querySelector("[data-passkey-offer]");
  const waiting = new Waiting(form);
  offer.hidden = false;
  offer.querySelector("[data-passkey-use]").addEventListener("click", () => {
    void attempt(form, async () => {
      waiting.stop();
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await begin(form));
      send(form, await navigator.credentials.get({ publicKey }));
    });
  });
  if (reasonNot(form) === "" && "conditional" in form.dataset) void waiting.start();
}

// The browser offers passkeys among the suggestions of a field, for as long as the page is open.
class Waiting {
  constructor(form) {
    this.form = form;
  }

  async start() {
    if ((await PublicKeyCredential.isConditionalMediationAvailable?.()) !== true) return;
    const mine = new AbortController();
    this.current = mine;
    try {
      const options = await begin(this.form);
      if (mine.signal.aborted) return;
      setTimeout(() => this.renew(mine), options.timeout - RENEW_MS);
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
      send(this.form, await navigator.credentials.get({ publicKey, mediation: "conditional", signal: mine.signal }));
    } catch {
      // Nobody asked for it: the button says what is wrong.
    }
  }

  stop() {
    this.current?.abort();
    this.current = undefined;
  }

  renew(mine) {
    if (this.current !== mine) return;
    this.stop();
    if (!document.hidden) void this.start();
    else document.addEventListener("visibilitychange", () => void this.start(), { once: true });
  }
}

async function attempt(form, ask) {
  const buttons = form.querySelectorAll("button");
  say(form, reasonNot(form));
  if (reasonNot(form) !== "") return;
  for (const button of buttons) button.disabled = true;
  try {
    await ask();
  } catch (error) {
    say(form, whyFailed(form, error));
  }
  for (const button of buttons) button.disabled = false;
}

function reasonNot(form) {
  const words = wordsOf(form);
  if (location.origin !== form.dataset.origin) return words.elsewhere;
  return canAsk() ? "" : words.old;
}

function whyFailed(form, error) {
  const words = wordsOf(form);
  if (error instanceof Refused) return error.message;
  if (error.name === "InvalidStateError") return words.known;
  return error.name === "NotAllowedError" || error.name === "AbortError" ? words.refused : words.failed;
}

class Refused extends Error {}

// What the device is to do, from the server.
async function begin(form) {
  const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value });
  const answer = await fetch(form.dataset.begin, { method: "POST", body, headers: { Accept: "application/json" } });
  const json = await answer.json();
  if (!answer.ok) throw new Refused(json.detail);
  return json;
}

function send(form, credential) {
  form.elements[form.dataset.field ?? "passkey"].value = JSON.stringify(credential);
  form.submit();
}

function say(form, words) {
  const place = form.querySelector("[data-passkey-says]");
  place.textContent = words;
  place.hidden = words === "";
}

function wordsOf(form) {
  return form.querySelector("[data-passkey-words]").dataset;
}

// Last, since classes are there only from their line on.
for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (form.dataset.passkey === "create") makeIn(form);
  else useIn(form);
}
