import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

/** What a soft device does otherwise than it ought to. */
export type DeviceFaults = {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly isUserVerified?: boolean;
  readonly userHandle?: string;
  readonly type?: string;
  readonly isCrossOrigin?: boolean;
};

/** What devices are asked. */
type Asked = { readonly challenge: string };

const ES256 = -7;

/** A device for passkeys made of software, with one P-256 key; its answers are those of `PublicKeyCredential.toJSON()`. */
export function createSoftDevice(origin: string) {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const id = randomBytes(32);
  const device = { signCount: 0, format: "none" as "none" | "fido-u2f", isSynced: false };

  const clientData = (asked: Asked, faults: DeviceFaults, type: string) =>
    Buffer.from(
      JSON.stringify({
        type: faults.type ?? type,
        challenge: faults.challenge ?? asked.challenge,
        origin: faults.origin ?? origin,
        crossOrigin: faults.isCrossOrigin ?? false,
      }),
    );

  const authenticatorData = (faults: DeviceFaults, attested = Buffer.alloc(0)) => {
    device.signCount += 1;
    const verified = faults.isUserVerified === false ? 0 : 0x04;
    const synced = device.isSynced ? 0x18 : 0;
    const count = Buffer.alloc(4);
    count.writeUInt32BE(device.signCount);
    const rpId = faults.rpId ?? new URL(origin).hostname;
    const flags = Buffer.from([0x01 | verified | synced | (attested.length > 0 ? 0x40 : 0)]);
    return Buffer.concat([createHash("sha256").update(rpId).digest(), flags, count, attested]);
  };

  const envelope = (response: object) =>
    JSON.stringify({ id: text(id), rawId: text(id), type: "public-key", clientExtensionResults: {}, response });

  return Object.assign(device, {
    id: text(id),
    /** Makes the passkey that it is asked for. */
    create(asked: Asked, faults: DeviceFaults = {}): string {
      const { x = "", y = "" } = publicKey.export({ format: "jwk" });
      const key = cborMap([
        [1, 2],
        [3, ES256],
        [-1, 1],
        [-2, Buffer.from(x, "base64url")],
        [-3, Buffer.from(y, "base64url")],
      ]);
      const idLength = Buffer.from([0, id.length]);
      const attested = Buffer.concat([Buffer.alloc(16), idLength, id, key]);
      const attestation = cborMap([
        ["fmt", device.format],
        ["attStmt", new Map<string, string>()],
        ["authData", authenticatorData(faults, attested)],
      ]);
      return envelope({
        clientDataJSON: text(clientData(asked, faults, "webauthn.create")),
        attestationObject: text(attestation),
        transports: ["internal"],
      });
    },
    /** Signs what it is asked to. */
    get(asked: Asked, faults: DeviceFaults = {}): string {
      const client = clientData(asked, faults, "webauthn.get");
      const data = authenticatorData(faults);
      const signed = Buffer.concat([data, createHash("sha256").update(client).digest()]);
      return envelope({
        clientDataJSON: text(client),
        authenticatorData: text(data),
        signature: text(sign("sha256", signed, privateKey)),
        userHandle: text(Buffer.from(faults.userHandle ?? "author")),
      });
    },
  });
}

function text(bytes: Buffer): string {
  return bytes.toString("base64url");
}

type Cbor = number | string | Buffer | ReadonlyMap<string, string>;

function cborMap(entries: readonly (readonly [number | string, Cbor])[]): Buffer {
  return Buffer.concat([head(5, entries.length), ...entries.flatMap(([key, value]) => [cbor(key), cbor(value)])]);
}

function cbor(value: Cbor): Buffer {
  if (typeof value === "number") return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === "string") return Buffer.concat([head(3, value.length), Buffer.from(value)]);
  return Buffer.isBuffer(value) ? Buffer.concat([head(2, value.length), value]) : head(5, 0);
}

function head(major: number, length: number): Buffer {
  if (length < 24) return Buffer.from([(major << 5) | length]);
  return Buffer.from(length < 256 ? [(major << 5) | 24, length] : [(major << 5) | 25, length >> 8, length & 255]);
}
