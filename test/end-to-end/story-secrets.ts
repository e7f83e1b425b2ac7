import { createPrivateKey } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import type { SoftKeyState } from "../lab/key/soft-key-state.ts";
import { LAB_PIN, type Lab } from "../lab/lab.ts";
import type { Secret } from "../support/secret-search.ts";
import { centerSecrets } from "./center-story.ts";
import { FOREIGN, type Told } from "./leak-story.ts";

/** Everything secret that came up in a story: at the servers, on the key, in the key store, in answers. */
export function storySecrets(lab: Lab, told: readonly Told[], idTokens: readonly string[]): Secret[] {
  return [
    { name: "PIN", value: LAB_PIN },
    { name: "wrong PIN", value: FOREIGN.wrongPin },
    ...idTokens.map((token, index) => ({ name: `ID token ${index}`, value: signedPart(token) })),
    ...securityKeySecrets(lab),
    ...keyStoreSecrets(lab),
    ...vouchSecrets(lab),
    ...awsSecrets(lab),
    ...centerSecrets(lab),
    ...told.flatMap(tokenSecrets),
    { name: "foreign proxy password", value: FOREIGN.proxyPassword },
    { name: "foreign kubeconfig token", value: FOREIGN.kubeToken },
    { name: "foreign kubeconfig key", value: FOREIGN.kubeKey },
    { name: "foreign AWS secret", value: FOREIGN.awsSecret },
  ];
}

function securityKeySecrets({ home }: Lab): Secret[] {
  const file = path.join(path.dirname(home), "security-key.json");
  const { credentials, pinHash } = JSON.parse(fs.readFileSync(file, "utf8")) as SoftKeyState;
  return [
    { name: "PIN hash", value: Buffer.from(pinHash ?? "", "hex") },
    ...credentials.map(({ privateKey: { d = "" } }) => ({
      name: "security key's private key",
      value: Buffer.from(d, "base64url"),
    })),
  ];
}

/** The client key and the registration token; the rest of the key store is known from the servers. */
function keyStoreSecrets({ home }: Lab): Secret[] {
  const folder = path.join(home, ".local", "share", "kubectl-vouch", "keys");
  return fs.readdirSync(folder).flatMap((name): Secret[] => {
    const { pkcs8, management } = JSON.parse(fs.readFileSync(path.join(folder, name), "utf8")) as {
      readonly pkcs8?: string;
      readonly management?: { readonly token: string };
    };
    if (management !== undefined) return [{ name: "registration token", value: management.token }];
    if (pkcs8 === undefined) return [];
    const key = createPrivateKey({ key: Buffer.from(pkcs8, "base64url"), format: "der", type: "pkcs8" });
    return [{ name: "client key", value: Buffer.from(key.export({ format: "jwk" }).d ?? "", "base64url") }];
  });
}

/** What was sent to Vouch: access tokens, proofs, client assertions, the security key's assertions. */
function vouchSecrets({ vouch }: Lab): Secret[] {
  const sent = vouch.requests.flatMap(({ headers, body }, index) => {
    const form = new URLSearchParams(body);
    return [
      { name: "access token", value: headers.authorization?.split(" ")[1] ?? "" },
      { name: `DPoP proof ${index}`, value: String(headers["dpop"] ?? "") },
      { name: `client assertion ${index}`, value: form.get("client_assertion") ?? "" },
      { name: `security key's assertion ${index}`, value: signatureOf(form.get("assertion")) },
    ];
  });
  const secrets = new Map(sent.map(({ name, value }) => [signedPart(value), name]));
  secrets.delete("");
  return [...secrets].map(([value, name]) => ({ name, value }));
}

function signatureOf(assertion: string | null): string {
  if (assertion === null) return "";
  const text = Buffer.from(assertion, "base64url").toString();
  return (JSON.parse(text) as { readonly signature: string }).signature;
}

function awsSecrets({ world }: Lab): Secret[] {
  return [...world.sessions.values()].flatMap(({ accessKeyId, secretAccessKey, sessionToken }) => [
    { name: `secret access key of ${accessKeyId}`, value: secretAccessKey },
    { name: `session token of ${accessKeyId}`, value: sessionToken },
  ]);
}

/** The EKS tokens that were the answer of a command: all but the beginning, which is no secret; and their signatures. */
function tokenSecrets({ stdout }: Told, index: number): Secret[] {
  const [, encoded = ""] = /"k8s-aws-v1\.([\w-]+)"/.exec(stdout) ?? [];
  if (encoded === "") return [];
  const signature = new URL(Buffer.from(encoded, "base64url").toString()).searchParams.get("X-Amz-Signature");
  return [
    { name: `EKS token ${index}`, value: encoded.slice(-600) },
    { name: `EKS token's signature ${index}`, value: signature ?? "" },
  ];
}

/** Of a JSON Web Token its signature: without it the rest opens nothing, and tokens of one issuer begin alike. */
function signedPart(token: string): string {
  return token.split(".")[2] ?? token;
}
