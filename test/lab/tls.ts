import "reflect-metadata";
import { randomBytes, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

/** A certificate and its private key, as PEM text. */
export interface LabCertificate {
  readonly cert: string;
  readonly key: string;
}

/** The lab's throw-away certificate authority. */
export interface LabCa {
  /** The CA's own certificate, as PEM text: what clients must trust. */
  readonly cert: string;
  /** A server certificate for these DNS names and IP addresses. */
  issue(names: readonly string[]): Promise<LabCertificate>;
  /** A client certificate for a user of Kubernetes, in a group of theirs. */
  issueClient(user: string, group?: string): Promise<LabCertificate>;
  /** What a maker of security keys puts into them. Source: WebAuthn Level 2, 8.2.1. */
  issueKeyMaker(): Promise<LabCertificate>;
}

const EC = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Makes a new CA. Its certificates are valid from a day ago for two years, so that a moved clock does not hurt. */
export async function makeLabCa(name = "kubectl-vouch lab CA"): Promise<LabCa> {
  const keys = await makeKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: `CN=${name}`,
      ...validity(),
      keys,
      signingAlgorithm: EC,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    },
    webcrypto,
  );

  const issue = async (subject: string, extensions: readonly x509.Extension[]) => {
    const ownKeys = await makeKeys();
    const issued = await x509.X509CertificateGenerator.create(
      {
        subject,
        issuer: certificate.subject,
        ...validity(),
        publicKey: ownKeys.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: EC,
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
          ...extensions,
          await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey),
        ],
      },
      webcrypto,
    );
    return { cert: issued.toString("pem"), key: await privateKeyPem(ownKeys) };
  };

  return {
    cert: certificate.toString("pem"),
    issue: (names) =>
      issue(`CN=${names[0] ?? "localhost"}`, [
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension(
          names.map((value) => ({ type: /^[\d.]+$|:/.test(value) ? "ip" : "dns", value })),
        ),
      ]),
    issueClient: (user, group) =>
      issue(group === undefined ? `CN=${user}` : `CN=${user},O=${group}`, [
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
      ]),
    issueKeyMaker: () => issue("C=SE,O=Lab,OU=Authenticator Attestation,CN=Security key of the lab", []),
  };
}

function validity(): { notBefore: Date; notAfter: Date; serialNumber: string } {
  const now = Date.now();
  return {
    notBefore: new Date(now - DAY_MS),
    notAfter: new Date(now + 730 * DAY_MS),
    serialNumber: `00${randomBytes(8).toString("hex")}`,
  };
}

function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(EC, true, ["sign", "verify"]);
}

async function privateKeyPem(keys: webcrypto.CryptoKeyPair): Promise<string> {
  const der = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return x509.PemConverter.encode(der, "PRIVATE KEY");
}
