// What is in the editor's form: what is worth keeping of it, and whether that is still as it was.
const KEYS = ["editor_key", "csrf_token"];
const NOT_TYPED = [...KEYS, "form_key", "version", "note_id"];

// Every field that is text, by name, but the token of the login.
export function fieldsToKeep(form) {
  const fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrf_token");
  return Object.fromEntries(fields);
}

// The same without what only says which form it is.
export function typedFields(form) {
  return Object.fromEntries(Object.entries(fieldsToKeep(form)).filter(([name]) => !NOT_TYPED.includes(name)));
}

// Whether an entry of the journal says what `fields` say; the ends of lines do not count.
export function isSame(entry, fields) {
  return Object.keys(fields).every(
    (name) => (entry[name] ?? "").replaceAll("\r\n", "\n") === fields[name].replaceAll("\r\n", "\n"),
  );
}

// Whether a field was changed since the page came, by its author or by a browser that fills in what it remembers.
export function isFilledIn(form) {
  return [...form.elements].some((field) => {
    if (field.type === "hidden" || field.type === "file" || !field.name) return false;
    if (field.options) return field.selectedIndex !== defaultIndex(field);
    return "defaultValue" in field && field.value !== field.defaultValue;
  });
}

// Of a list in which the page chose nothing the browser shows the first.
function defaultIndex({ options }) {
  return Math.max(
    0,
    [...options].findIndex((option) => option.defaultSelected),
  );
}

// Puts kept fields into the form. It stays the form that it is.
export function fill(form, fields) {
  for (const [name, value] of Object.entries(fields)) {
    const field = form.elements[name];
    if (KEYS.includes(name) || !field) continue;
    if (field.type === "checkbox") field.checked = value !== "";
    else field.value = value;
  }
}
