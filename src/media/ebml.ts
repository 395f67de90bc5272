/** An element of EBML: where it begins, where its content does, and where it ends; undefined: it does not say. */
export type Element = {
  readonly id: number;
  readonly start: number;
  readonly content: number;
  readonly end: number | undefined;
};

/** Longest head of an element: four bytes of id, eight of length. */
export const ELEMENT_HEAD_BYTES = 12;

const VOID = 0xec;

/**
 * Reads the head of the element at `start`, of which `head` has the first bytes. Undefined where it is none.
 * @see https://www.rfc-editor.org/rfc/rfc8794#section-4
 */
export function readElement(head: Buffer, start: number): Element | undefined {
  const idBytes = widthOf(head[0] ?? 0);
  if (idBytes > 4 || head.length <= idBytes) return undefined;
  const first = head[idBytes] ?? 0;
  const lengthBytes = widthOf(first);
  if (lengthBytes > 8 || head.length < idBytes + lengthBytes) return undefined;
  const content = start + idBytes + lengthBytes;
  const length = readLength(head.subarray(idBytes, idBytes + lengthBytes));
  return { id: head.readUIntBE(0, idBytes), start, content, end: length === undefined ? undefined : content + length };
}

/** The elements one after the other between `start` and `end` of `bytes`; undefined where they do not fill it. */
export function listElements(bytes: Buffer, start: number, end: number): Element[] | undefined {
  const elements: Element[] = [];
  for (let at = start; at < end; ) {
    const element = readElement(bytes.subarray(at, Math.min(at + ELEMENT_HEAD_BYTES, end)), at);
    if (element?.end === undefined || element.end > end) return undefined;
    elements.push(element);
    at = element.end;
  }
  return elements;
}

/** The number that an element of `bytes` holds; 0 where it is longer than a number that is meant here. */
export function readUnsigned(bytes: Buffer, { content, end = content }: Element): number {
  const length = end - content;
  return length < 1 || length > 6 ? 0 : bytes.readUIntBE(content, length);
}

/** The head of an element that means nothing and takes `length` bytes, at least 2. Its content is to be blank. */
export function voidElement(length: number): Buffer {
  if (length <= 128) return Buffer.of(VOID, 0x80 | (length - 2));
  const head = Buffer.alloc(9);
  head.writeUInt8(VOID, 0);
  head.writeUInt8(1, 1);
  head.writeUIntBE(length - 9, 3, 6);
  return head;
}

/** How many bytes a number has whose first one is this: one more than zeros at its head. */
function widthOf(first: number): number {
  return Math.clz32(first) - 23;
}

/** All ones: the length is not known. */
function readLength(bytes: Buffer): number | undefined {
  const mask = 0xff >> bytes.length;
  let length = (bytes[0] ?? 0) & mask;
  let isUnknown = length === mask;
  for (const byte of bytes.subarray(1)) {
    length = length * 256 + byte;
    isUnknown &&= byte === 0xff;
  }
  return isUnknown ? undefined : length;
}
