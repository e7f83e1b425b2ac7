import { ownValue } from "../../../token/record.ts";
import type { ClusterJson } from "../../evidence/evidence.ts";

/**
 * The first platform version with access entries, per Kubernetes version; later ones have them always.
 * Source: doctor/EKS-ACCESS.md, "Authentication mode".
 */
const LEAST: Readonly<Record<string, number>> = {
  "1.23": 17,
  "1.24": 15,
  "1.25": 12,
  "1.26": 11,
  "1.27": 10,
  "1.28": 6,
  "1.29": 1,
  "1.30": 2,
};

/** How the cluster's platform stands to the one that access entries need. */
export interface PlatformNeed {
  readonly version: string;
  /** `eks.6` */
  readonly has: string;
  readonly least: string;
  readonly isTooOld: boolean;
}

/** Undefined when the versions are unknown, or when every platform of this Kubernetes version has access entries. */
export function platformNeed(cluster: ClusterJson | undefined): PlatformNeed | undefined {
  const { version, platformVersion } = cluster ?? {};
  const least = ownValue(LEAST, version ?? "");
  const [, number] = /^eks\.(\d+)$/.exec(platformVersion ?? "") ?? [];
  if (version === undefined || platformVersion === undefined || least === undefined || number === undefined) {
    return undefined;
  }
  return { version, has: platformVersion, least: `eks.${least}`, isTooOld: Number(number) < least };
}
