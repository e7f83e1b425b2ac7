import type { LabClock } from "../clock.ts";
import type { LabCa } from "../tls.ts";

/** How the protocol grew. Source: token/vouch/VOUCH-PROTOCOL.md, "Versions". */
export type VouchEra = "A" | "B" | "C-staged" | "C-strict";

export interface VouchStandInOptions {
  readonly ca: LabCa;
  readonly clock: LabClock;
  /** Name in the URL and the certificate; it must lead to 127.0.0.1. Default `localhost`. */
  readonly host?: string;
  /** Default: `host`. */
  readonly rpId?: string;
  /** Default `C-strict`. */
  readonly era?: VouchEra;
  /** Whether a DPoP nonce is good until it expires (default) or once. */
  readonly nonceMode?: "reusable" | "single-use";
  /** `VOUCH_SESSION_HOURS`; default 8. */
  readonly sessionHours?: number;
  /**
   * How HTTP message signatures are encoded. Default `der`: the server's quirk.
   * Source: token/vouch/VOUCH-PROTOCOL.md, "Message signature".
   */
  readonly signatureEncoding?: "der" | "ieee-p1363";
  /**
   * What the token endpoint looks at first. Default `assertion-first`, the stricter for a client: a demanded nonce
   * has then already burnt the client assertion.
   */
  readonly clientAuthOrder?: "assertion-first" | "dpop-first";
  /** 0 or absent: any free one. */
  readonly port?: number;
  /** Seconds between two polls of a device code; default 5. */
  readonly deviceInterval?: number;
  /** PEM certificates that attestations of new keys must lead to. None: every attestation is refused. */
  readonly attestationRoots?: readonly string[];
}

/** The options with everything decided. */
export interface VouchSettings {
  /** `https://host:port`: base URL and issuer. */
  readonly url: string;
  readonly rpId: string;
  readonly era: VouchEra;
  readonly nonceMode: "reusable" | "single-use";
  readonly sessionSeconds: number;
  readonly signatureEncoding: "der" | "ieee-p1363";
  readonly clientAuthOrder: "assertion-first" | "dpop-first";
  readonly deviceInterval: number;
  readonly attestationRoots: readonly string[];
}

export function settle(options: VouchStandInOptions, url: string, host: string): VouchSettings {
  return {
    url,
    rpId: options.rpId ?? host,
    era: options.era ?? "C-strict",
    nonceMode: options.nonceMode ?? "reusable",
    sessionSeconds: (options.sessionHours ?? 8) * 3600,
    signatureEncoding: options.signatureEncoding ?? "der",
    clientAuthOrder: options.clientAuthOrder ?? "assertion-first",
    deviceInterval: options.deviceInterval ?? 5,
    attestationRoots: options.attestationRoots ?? [],
  };
}

/** Whether the rows called "newer" in token/vouch/VOUCH-PROTOCOL.md, "Versions" hold. */
export function isNewest(era: VouchEra): boolean {
  return era === "C-staged" || era === "C-strict";
}
