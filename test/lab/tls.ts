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

  return {
    cert: certificate.toString("pem"),
    async issue(names) {
      const serverKeys = await makeKeys();
      const server = await x509.X509CertificateGenerator.create(
        {
          subject: `CN=${names[0] ?? "localhost"}`,
          issuer: certificate.subject,
          ...validity(),
          publicKey: serverKeys.publicKey,
          signingKey: keys.privateKey,
          signingAlgorithm: EC,
          extensions: [
            new x509.BasicConstraintsExtension(false, undefined, true),
            new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
            new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
            new x509.SubjectAlternativeNameExtension(
              names.map((value) => ({ type: /^[\d.]+$|:/.test(value) ? "ip" : "dns", value })),
            ),
            await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey),
          ],
        },
        webcrypto,
      );
      return { cert: server.toString("pem"), key: await privateKeyPem(serverKeys) };
    },
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
