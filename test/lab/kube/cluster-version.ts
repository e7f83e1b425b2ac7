import type { Cluster } from "../model.ts";

/** `36` of `1.36`: which Kubernetes this is, for what changed on the way. */
export function minorVersion({ version }: Pick<Cluster, "version">): number {
  return Number(version.split(".")[1]);
}

/** The body of `/version`, as EKS words it. */
export function versionInfo(cluster: Pick<Cluster, "version">): Record<string, string> {
  const minor = minorVersion(cluster);
  return {
    major: "1",
    minor: String(minor),
    gitVersion: `v1.${minor}.0-eks-abc1234`,
    gitCommit: "abc1234abc1234abc1234abc1234abc1234abc123",
    gitTreeState: "clean",
    buildDate: "2026-01-01T00:00:00Z",
    goVersion: "go1.26.0",
    compiler: "gc",
    platform: "linux/amd64",
  };
}
