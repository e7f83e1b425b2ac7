export function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}

/** A credential as a browser would hand it to a server, in JSON. */
export function publicKeyCredential<Response>(credentialId: Uint8Array, response: Response) {
  const id = base64url(credentialId);
  return { id, rawId: id, type: "public-key", clientExtensionResults: {}, response } as const;
}
