import { isIP } from "node:net";
import { createSecureContext, type SecureContext } from "node:tls";
import type { LabCa, LabCertificate } from "../tls.ts";

type ServerNames = (name: string, done: (error: Error | null, context?: SecureContext) => void) => void;

/** A TLS `SNICallback` with a certificate for whatever name a client asks for: AWS's hosts are many, and all end here. */
export function serverNames(ca: LabCa, own: LabCertificate): ServerNames {
  const contexts = new Map<string, Promise<SecureContext>>();
  return (name, done) => {
    const known = isIP(name) !== 0 || name === "localhost";
    const made =
      contexts.get(name) ?? (known ? Promise.resolve(own) : ca.issue([name])).then(createSecureContext);
    contexts.set(name, made);
    made.then((context) => done(null, context), done);
  };
}
