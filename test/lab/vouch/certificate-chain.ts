import { verify, X509Certificate } from "node:crypto";

export interface CertifiedSignature {
  readonly signature: Uint8Array;
  readonly signed: Uint8Array;
  /** DER certificates, the signer's first. */
  readonly chain: readonly unknown[];
  /** PEM certificates that the chain must lead to. */
  readonly roots: readonly string[];
}

/** An ES256 signature by a certificate whose chain leads to one of the roots. Validity dates are not checked. */
export function verifyWithCertificate({ signature, signed, chain, roots }: CertifiedSignature): boolean {
  const certificates = parseChain(chain);
  const [leaf] = certificates ?? [];
  if (certificates === undefined || leaf === undefined) return false;

  const last = certificates.at(-1) ?? leaf;
  const linked = certificates.slice(1).every((issuer, index) => isIssuedBy(certificates[index], issuer));
  const anchored = roots.some((root) => isIssuedBy(last, new X509Certificate(root)));
  return linked && anchored && verify("sha256", signed, leaf.publicKey, signature);
}

function isIssuedBy(certificate: X509Certificate | undefined, issuer: X509Certificate): boolean {
  return certificate?.checkIssued(issuer) === true && certificate.verify(issuer.publicKey);
}

function parseChain(chain: readonly unknown[]): X509Certificate[] | undefined {
  try {
    return chain.map((der) => {
      if (!(der instanceof Uint8Array)) throw new TypeError("not bytes");
      return new X509Certificate(der);
    });
  } catch {
    return undefined;
  }
}
