import { ownValue } from "../../../token/record.ts";
import type { ClusterJson } from "../../evidence/evidence.ts";

/**
 * The first platform version with access entries, per Kubernetes version; later Kubernetes versions always have them. Source:
 * doctor/EKS-ACCESS.md, "Authentication mode".
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

/** The cluster's platform version, compared with the first one that has access entries. */
interface PlatformNeed {
  readonly version: string;
  /** `eks.6` */
  readonly has: string;
  readonly least: string;
  readonly isTooOld: boolean;
}

/** Undefined if the versions are not known, or if every platform version of this Kubernetes version has access entries. */
export function platformNeed(cluster: ClusterJson | undefined): PlatformNeed | undefined {
  const { version, platformVersion } = cluster ?? {};
  const least = ownValue(LEAST, version ?? "");
  const [, number] = /^eks\.(\d+)$/.exec(platformVersion ?? "") ?? [];
  if (version === undefined || platformVersion === undefined || least === undefined || number === undefined) {
    return undefined;
  }
  return { version, has: platformVersion, least: `eks.${least}`, isTooOld: Number(number) < least };
}
