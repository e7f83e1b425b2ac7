import { oddKubeconfig } from "../plugin/setup/odd-kubeconfig.ts";

/** Bytes that one write of the kernel need not take at once: more than a page of a tmpfs. */
const MIN_BYTES = 20_000;

/** A kubeconfig of others, in a style of its own, large enough to be cut in the middle. */
export function foreignKubeconfig(): string {
  return `${"# Kept by hand: clusters of the platform team.\n".repeat(MIN_BYTES / 47)}${oddKubeconfig(7)}`;
}

/** An AWS config of others. */
export function foreignAwsConfig(): string {
  const profiles = Array.from(
    { length: 60 },
    (_, index) =>
      `# team ${index}\n[profile team-${index}]\nregion=eu-west-1\n  s3 =\n    max_queue_size = ${index}\n\n`,
  );
  return profiles.join("");
}
