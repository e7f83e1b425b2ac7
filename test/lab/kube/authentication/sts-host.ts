import { asText, quoted } from "./go-text.ts";
import { PARTITIONS } from "./partitions.ts";
import { malformed } from "./refusal.ts";

/**
 * Where a verifier stands: it accepts hosts of its own partition, and of its own region when the SDK does not know it.
 */
export interface VerifierPlace {
  readonly partition: string;
  readonly region: string;
}

const GLOBAL_HOST = "sts.amazonaws.com";

/**
 * Refuses a host, in bytes (go-text.ts), that is not AWS's own for STS. Source: aws-iam-authenticator, pkg/token/token.go,
 * `verifyHost`.
 */
export function checkStsHost(host: string, place: VerifierPlace): void {
  const region = stsRegion(host);
  if (region === "global") {
    if (place.partition === "aws") return;
    throw malformed(`global endpoint unsupported in partition ${place.partition}`);
  }
  if (!/^[0-9A-Za-z]([0-9A-Za-z-]*[0-9A-Za-z])?$/.test(region)) {
    throw malformed(`invalid region identifier format provided: ${asText(region)}`);
  }

  const own = PARTITIONS[place.partition];
  if (own === undefined) throw new Error(`no such partition: ${place.partition}`);
  if (!resolvedHosts(region).includes(host)) {
    const fallback = [own.domain, own.dualStackDomain].map((domain) => `sts.${place.region}.${domain}`);
    if (fallback.includes(host)) return;
    throw malformed(`unexpected hostname ${quoted(host)} in pre-signed URL`);
  }

  const domain = host.split(".").slice(2).join(".");
  if (domain !== own.domain && domain !== own.dualStackDomain) {
    throw malformed(`partition {${place.partition}} does not support hostname ${host}`);
  }
}

/** The region label of an STS host, or `global`. */
export function stsRegion(host: string): string {
  if (host === GLOBAL_HOST) return "global";
  const labels = host.split(".");
  if (host === "") throw malformed("could not parse region for pre-signed URL , host is empty");
  if (labels.length < 3) {
    const name = asText(host);
    throw malformed(`could not parse region for pre-signed URL ${name}, invalid host format: ${name}`);
  }
  return labels[1] ?? "";
}

/**
 * The hosts the SDK's endpoint rules give for a region. A region it does not know counts as commercial; for `aws-global`
 * its ordinary host is the global one.
 */
function resolvedHosts(region: string): string[] {
  const [name, partition] = Object.entries(PARTITIONS).find(([, { regions }]) => regions.test(region)) ?? [
    "aws",
    PARTITIONS["aws"],
  ];
  if (partition === undefined) return [];
  const fips = name === "aws-us-gov" ? "sts" : "sts-fips";
  return [
    region === "aws-global" ? GLOBAL_HOST : `sts.${region}.${partition.domain}`,
    `${fips}.${region}.${partition.domain}`,
    `sts.${region}.${partition.sdkDualStackDomain}`,
    `sts-fips.${region}.${partition.sdkDualStackDomain}`,
  ];
}
