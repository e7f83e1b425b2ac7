import { isAddress } from "../ip-address.ts";
import { isWord } from "./plain-words.ts";

/** One label of a host; without a kind it is kept. */
interface HostLabel {
  readonly text: string;
  readonly kind: "domain" | "label" | undefined;
}

/** A host whose name reveals its owner. */
export interface OwnedHost {
  readonly labels: readonly HostLabel[];
  /** How many of its first labels may be missing without it becoming public. */
  readonly below: number;
  /** Whether its last label is resolvable publicly, so that a placeholder could be a real host. */
  readonly isPublic: boolean;
}

/** Domains whose hosts everyone has: AWS's own, the groups of Kubernetes' API. */
const EVERYBODYS =
  /(?:^|\.)(?:amazonaws\.com(?:\.cn)?|amazonaws\.eu|api\.aws|on\.aws|amazonwebservices\.(?:com\.cn|eu)|aws\.amazon\.com|(?:compute|ec2)\.internal|c2s\.ic\.gov|sc2s\.sgov\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov|k8s\.io|kubernetes\.io)$|^kubernetes(?:\.default(?:\.svc(?:\.cluster\.local)?)?)?$/i;

/** The labels of an AWS host that a customer chose: a bucket, a load balancer, a start page. */
const CHOSEN_IN_AWS =
  /^([\w.-]+?)\.(?=(?:s3|s3-[\w-]+|elb|execute-api|signin|[a-z]{2}(?:-[a-z]+){1,3}-\d\.elb|auth\.[\w-]+\.amazoncognito\.com|awsapps\.com|cloudfront\.net)(?:\.|$))/i;

/** Services that have a name for each of their customers. */
const OF_A_SERVICE = /\.(?:vouch\.sh|github\.com|githubusercontent\.com|svc\.cluster\.local)$/i;
const SERVICE = /^(?:vouch\.sh|github\.com|githubusercontent\.com|localhost)$/i;

/** Last labels that can be resolved publicly, in addition to those of countries; others are a company's own. */
const PUBLIC =
  /^(?:[a-z]{2}|com|net|org|edu|gov|mil|int|info|biz|dev|app|cloud|tech|online|site|xyz|systems|solutions|services|software|digital|global|group|company|bank|health|[a-z]{2}\.example|com\.example)$/i;

/** Last labels that cannot be resolved publicly, and say nothing about anyone. */
const PRIVATE =
  /^(?:internal|intern|local|localhost|localdomain|lan|corp|corporate|intranet|private|home|test|invalid|example|arpa|onion)$/i;

/** Second-level endings under a country: `co.uk`, `com.au`. */
const SECOND = /^(?:co|com|org|net|gov|ac|edu|or|ne|go)\.[a-z]{2}$/i;

const HOST = /^(?=.{1,253}$)[a-z0-9_](?:[\w-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[\w-]*[a-z0-9_])?)*$/i;

/** The labels of a host that reveal its owner; undefined for a host that everyone has, for an address, and for a word. */
export function ownedHost(host: string): OwnedHost | undefined {
  if (!HOST.test(host) || isAddress(host) || /(?:^|\.)\d+$/.test(host)) return undefined;
  const labels = host.split(".");
  const chosen = CHOSEN_IN_AWS.exec(host)?.[1]?.split(".").length;
  if (chosen !== undefined) return ownedBelow(labels, chosen);
  if (EVERYBODYS.test(host) || SERVICE.test(host)) return undefined;
  const service = OF_A_SERVICE.exec(host)?.[0];
  if (service !== undefined) return ownedBelow(labels, labels.length - service.split(".").length + 1);
  if (labels.length === 1) return isWord(host) || host.length < 3 ? undefined : owned(labels, 1, false);
  const ending = SECOND.test(labels.slice(-2).join(".")) ? 2 : 1;
  return labels.length === ending ? undefined : owned(labels, ending, PUBLIC.test(labels.at(-1) ?? ""));
}

/** Whether a word has the ending of a public host, or of one in a private network. */
export function endsAsHost(word: string): boolean {
  const ending = word.split(".").at(-1) ?? "";
  return PUBLIC.test(ending) || PRIVATE.test(ending);
}

/** The labels before those of a service. */
function ownedBelow(texts: readonly string[], count: number): OwnedHost | undefined {
  const labels = texts.map(
    (text, index): HostLabel => ({
      text,
      kind: index < count && !isWord(text) && text.length > 2 ? "label" : undefined,
    }),
  );
  return labels.every(({ kind }) => kind === undefined) ? undefined : { labels, below: 0, isPublic: false };
}

function owned(texts: readonly string[], ending: number, isPublic: boolean): OwnedHost {
  const domain = texts.length - ending - 1;
  const labels = texts.map((text, index): HostLabel => {
    if (index === domain) return { text, kind: "domain" };
    if (index > domain) return { text, kind: isPublic || PRIVATE.test(text) ? undefined : "label" };
    return { text, kind: isWord(text) ? undefined : "label" };
  });
  return { labels, below: Math.max(0, domain), isPublic };
}
