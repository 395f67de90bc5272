/** A view or a check as programs read it: every message in English. */
export function inEnglish<Read>(read: Read): Read {
  return JSON.parse(JSON.stringify(read));
}
