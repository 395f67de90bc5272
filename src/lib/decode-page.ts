/** How far into a page its declaration of an encoding stands, in bytes. @see https://html.spec.whatwg.org/#determining-the-character-encoding */
const DECLARED_WITHIN_BYTES = 1_024;
const DECLARATION = /<meta[^>]{1,200}charset\s*=\s*["']?\s*([\w:.-]{1,40})/iu;

/** Whether an answer with this Content-Type is a web page; one that says nothing may be. */
export function isPage(contentType: string | undefined): boolean {
  const type = (contentType ?? "text/html").split(";")[0]?.trim().toLowerCase();
  return type === "text/html" || type === "application/xhtml+xml";
}

/** The text of a page: by its byte order mark, the charset of its Content-Type, or what it declares; else as UTF-8. */
export function decodePage(body: Buffer, contentType: string | undefined): string {
  const said = /charset\s*=\s*["']?([\w:.-]{1,40})/iu.exec(contentType ?? "")?.[1];
  const declared = DECLARATION.exec(body.toString("latin1", 0, DECLARED_WITHIN_BYTES))?.[1];
  return decoder(markOf(body) ?? said ?? declared ?? "utf-8").decode(body);
}

function markOf(body: Buffer): string | undefined {
  const start = body.toString("hex", 0, 3);
  if (start === "efbbbf") return "utf-8";
  return start.startsWith("feff") ? "utf-16be" : start.startsWith("fffe") ? "utf-16le" : undefined;
}

function decoder(label: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(label);
  } catch {
    return new TextDecoder(); // Nobody knows that encoding.
  }
}
