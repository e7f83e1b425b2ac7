/**
 * Which platforms a selector selects.
 *
 * Source: krew 0.5.0, cmd/validate-krew-manifest/main.go; Kubernetes label selectors.
 */
import type { Expression, ManifestPlatform, Selector } from "./manifest.ts";

/** A system and a processor, by Go's names. */
interface Pair {
  readonly os: string;
  readonly arch: string;
}

/** All platforms that krew runs on. */
const KNOWN_PAIRS: readonly Pair[] = [
  ...["386", "amd64", "arm64"].map((arch) => ({ os: "windows", arch })),
  ...["386", "amd64", "arm", "arm64", "ppc64le"].map((arch) => ({ os: "linux", arch })),
  ...["386", "amd64", "arm64"].map((arch) => ({ os: "darwin", arch })),
];

/** Structural faults of one selector, in words. */
export function selectorProblems(selector: Selector | null | undefined): string[] {
  const { matchLabels, matchExpressions } = selector ?? {};
  const expressions = matchExpressions ?? [];
  const labels = Object.keys(matchLabels ?? {});
  if (!matchLabels && expressions.length === 0) return ["selects nothing: no `selector`, or an empty one"];
  return [
    ...(matchLabels && labels.length === 0 ? ["`matchLabels` is empty"] : []),
    ...(matchExpressions?.length === 0 ? ["`matchExpressions` is empty"] : []),
    ...[...labels, ...expressions.map(({ key }) => key)]
      .filter((key) => key !== "os" && key !== "arch")
      .map((key) => `selects by "${key}", but krew knows only os and arch`),
  ];
}

/** Whether krew on this platform would select it. */
export function selects(selector: Selector | null | undefined, pair: Pair): boolean {
  const values: Readonly<Record<string, string>> = { os: pair.os, arch: pair.arch };
  const labels = Object.entries(selector?.matchLabels ?? {});
  return (
    selectorProblems(selector).length === 0 &&
    labels.every(([key, value]) => values[key] === value) &&
    (selector?.matchExpressions ?? []).every((expression) => holds(expression, values))
  );
}

function holds({ key, operator, values }: Expression, labels: Readonly<Record<string, string>>): boolean {
  const listed = (values ?? []).includes(labels[String(key)]);
  switch (operator) {
    case "In":
      return listed;
    case "NotIn":
      return !listed;
    case "Exists":
      return true;
    default:
      return false;
  }
}

/** Manifest entries that no machine selects, and platforms that two entries claim, in words. */
export function coverageProblems(platforms: readonly ManifestPlatform[]): string[] {
  const matching = KNOWN_PAIRS.map((pair) => ({
    pair,
    indexes: platforms.flatMap(({ selector }, i) => (selects(selector, pair) ? [i] : [])),
  }));
  const used = new Set(matching.flatMap(({ indexes }) => indexes));
  return [
    ...platforms.flatMap((_, i) =>
      used.has(i) ? [] : [`platform ${i} selects no platform that krew knows`],
    ),
    ...matching
      .filter(({ indexes }) => indexes.length > 1)
      .map(({ pair, indexes }) => `platforms ${indexes.join(" and ")} both select ${pair.os}/${pair.arch}`),
  ];
}
