// Keys: which were pressed, and what they are called. A combination is written "mod+shift+k"; `mod` is Ctrl, and ⌘ on a
// Mac. Digits are meant by their place on the keyboard, since Shift makes other signs of them on each layout.
const IS_MAC = /Mac|iPhone|iPad/u.test(navigator.platform);

// Whether an event is that combination and no other.
export function isPressed(event, combination) {
  const parts = combination.split("+");
  const name = parts.at(-1);
  const isMod = IS_MAC ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
  if (parts.includes("mod") !== isMod || event.altKey || event.isComposing) return false;
  if (parts.includes("shift") !== event.shiftKey) return false;
  return /^\d$/u.test(name) ? event.code === `Digit${name}` : event.key.toLowerCase() === name;
}

// As people read it: "Ctrl+Shift+K", "⌘⇧K", "Strg+Umschalt+K". The dialog of all keys says what keyboards call them.
export function spoken(combination) {
  const { ctrl, shift } = document.getElementById("shortcuts").dataset;
  const names = IS_MAC ? { mod: "⌘", shift: "⇧" } : { mod: ctrl, shift };
  return combination
    .split("+")
    .map((part) => names[part] ?? (part.length === 1 ? part.toUpperCase() : part[0].toUpperCase() + part.slice(1)))
    .join(IS_MAC ? "" : "+");
}

// As `aria-keyshortcuts` has it: "Control+Shift+K".
export function ariaKeys(combination) {
  const names = { mod: IS_MAC ? "Meta" : "Control", shift: "Shift" };
  return combination
    .split("+")
    .map((part) => names[part] ?? (part.length === 1 ? part.toUpperCase() : part))
    .join("+");
}

// Whether what has the focus takes letters.
export function isTyping(element) {
  if (!(element instanceof HTMLElement)) return false;
  const isText = element.matches(
    "textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])",
  );
  return isText || element.isContentEditable;
}
