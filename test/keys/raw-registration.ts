import { createHash } from "node:crypto";
import { encode } from "cborg";
import { type RawClient, RP_ID } from "../lab-tests/key/raw-client.ts";

/** What a server is told of a new credential. */
export interface Registration {
  readonly attestationObject: Uint8Array;
  readonly clientDataJson: Uint8Array;
}

/** Permission to make credentials. Source: token/fido2/CTAP.md, "clientPIN". */
const MAKE_CREDENTIAL = 1;

/** Has the key make a discoverable credential, command by command. */
export async function registerRaw(
  client: RawClient,
  { challenge, userHandle }: { readonly challenge: string; readonly userHandle: Uint8Array },
): Promise<Registration> {
  const clientDataJson = Buffer.from(
    JSON.stringify({ type: "webauthn.create", challenge, origin: `https://${RP_ID}`, crossOrigin: false }),
  );
  const clientDataHash = createHash("sha256").update(clientDataJson).digest();
  const token =
    client.key.profile.options["pinUvAuthToken"] === true
      ? await client.token(9, [[9, MAKE_CREDENTIAL]])
      : await client.token(5);
  const { status, map } = await client.send(
    0x01,
    new Map<number, unknown>([
      [1, clientDataHash],
      [2, { id: RP_ID, name: "Vouch" }],
      [3, { id: userHandle, name: "ada@example.com", displayName: "Ada" }],
      [4, [{ alg: -7, type: "public-key" }]],
      [7, { rk: true }],
      [8, client.protocol.authenticate(token, clientDataHash)],
      [9, client.protocol.version],
    ]),
  );
  if (status !== 0) throw new Error(`no credential: status 0x${status.toString(16)}`);
  const [fmt, authData, attStmt] = [1, 2, 3].map((member) => map.get(member));
  return { attestationObject: encode({ fmt, authData, attStmt }), clientDataJson };
}
