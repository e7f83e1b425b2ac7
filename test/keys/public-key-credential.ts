import type { Assertion } from "../../token/fido2/ceremony/assertion.ts";

export function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}

/** A credential as a browser would hand it to a server, in JSON. */
function publicKeyCredential<Response>(credentialId: Uint8Array, response: Response) {
  const id = base64url(credentialId);
  return { id, rawId: id, type: "public-key", clientExtensionResults: {}, response } as const;
}

/** What a login hands to a server. */
export function loginCredential(assertion: Assertion) {
  return publicKeyCredential(assertion.credentialId, {
    authenticatorData: base64url(assertion.authenticatorData),
    clientDataJSON: base64url(assertion.clientDataJson),
    signature: base64url(assertion.signature),
    userHandle: base64url(assertion.userHandle),
  });
}

/** What a registration hands to a server. */
export function newCredential(made: {
  readonly credentialId: Uint8Array;
  readonly attestationObject: Uint8Array;
  readonly clientDataJson: Uint8Array;
}) {
  return publicKeyCredential(made.credentialId, {
    attestationObject: base64url(made.attestationObject),
    clientDataJSON: base64url(made.clientDataJson),
  });
}
