/** What we say of a token: `kubectl vouch token explain`, and the API server of the lab. */
import { explainToken } from "../../../token/eks/explain-token.ts";
import { acceptingClusters } from "../../../token/eks/verifier-hosts.ts";
import { callerIdentity, type StsAddress } from "../../lab/kube/authentication/caller-identity.ts";
import { type PresignedUrl, readPresignedUrl } from "../../lab/kube/authentication/presigned-url.ts";
import { Refusal } from "../../lab/kube/authentication/refusal.ts";
import type { TokenCase } from "./tokens.ts";

/** What a verifier says: who the caller is, or the text of its log. */
export type Verdict = { readonly caller: Readonly<Record<string, string>> } | { readonly refusal: string };

/**
 * The step at which `token explain` says that this verifier refuses, the first of several. Undefined where it leaves the token to
 * STS. Which cluster a token is for it cannot know, but it says whose verifiers take its host.
 */
export function explainedStep({ token, partition, region }: TokenCase, now: number): number | undefined {
  const { host, problems } = explainToken(token, now);
  const accepting = host === undefined ? [] : acceptingClusters(host);
  const isForeign = !accepting.some(
    (clusters) => clusters.partition === partition && (clusters.region ?? region) === region,
  );
  const steps = [...problems.map(({ step }) => step), ...(accepting.length > 0 && isForeign ? [5] : [])];
  return steps.length === 0 ? undefined : Math.min(...steps);
}

/** The lab's verdict before STS is asked: the refusal, or undefined. */
export function formRefusal({ token, partition, region }: TokenCase, now: number): string | undefined {
  const verdict = refusedOr(() => readPresignedUrl(token, { partition, region }, now));
  return "refusal" in verdict ? comparable(verdict.refusal) : undefined;
}

/** The lab's verdict, with STS asked where the form is right. */
export async function standInVerdict(
  { token, cluster, partition, region }: TokenCase,
  { now, sts }: { readonly now: number; readonly sts: Omit<StsAddress, "clusterName"> },
): Promise<Verdict> {
  const url = refusedOr(() => readPresignedUrl(token, { partition, region }, now));
  if ("refusal" in url) return { refusal: comparable(url.refusal) };
  return callerIdentity(url, { ...sts, clusterName: cluster }).then(
    (caller) => ({ caller: { ...caller } }),
    (error: unknown) => ({ refusal: comparable(textOf(error)) }),
  );
}

function refusedOr(read: () => PresignedUrl): PresignedUrl | { readonly refusal: string } {
  try {
    return read();
  } catch (error) {
    return { refusal: textOf(error) };
  }
}

function textOf(error: unknown): string {
  if (error instanceof Refusal) return error.message;
  throw error;
}

/**
 * A text of the log without what differs from one asking to the next, and without the three things that the lab does not say:
 * the URL, for it is a secret; what is wrong with an IPv6 address; and where JSON is broken, but for its first byte.
 */
export function comparable(text: string): string {
  return text
    .replace(/parse ".*": /s, "parse: ")
    .replace(/(parse: invalid host: ParseAddr)\(.*/, "$1")
    .replace(
      /(failed: )(?:invalid character '.*' (?!looking for beginning of value).*|unexpected end of JSON input)/s,
      "$1broken JSON",
    )
    .replace(/"RequestId":"[\w-]*"/, '"RequestId":""')
    .replace(/(is (?:still later|now earlier) than )\w+ \(\w+/, "$1A (B")
    .replace(
      /(duplicate query parameter found: )(.*)/,
      (_, words: string, name: string) => words + name.toLowerCase(),
    );
}
