/**
 * Tells whether `new URL` takes an address, alone or against a base. Not by URL.canParse: once Node 20 has compiled a
 * busy call of it, it reads Latin-1 as UTF-8 there and refuses every address with a letter such as ü.
 */
export function isUrl(text: string, base?: string): boolean {
  try {
    return Boolean(new URL(text, base));
  } catch {
    return false;
  }
}
