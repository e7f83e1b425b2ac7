import { isAddress } from "../ip-address.ts";

/** One label of a host; without a kind it is kept. */
interface HostLabel {
  readonly text: string;
  readonly kind: "domain" | "label" | undefined;
}

/** A host whose name reveals its owner. */
interface OwnedHost {
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

/**
 * Words that are common in files and commands. A name that is one of them says nothing about anyone, and replacing it everywhere
 * would break the text around it.
 */
const PLAIN = new Set(
  `
  a access accessdenied accessentry accessscope account admin administrator af allow an and ap api apigroup
  apiversion app applications apply are argocd args arn as assume assumed-role at auth authentication
  authenticator authorization aws aws-iam-authenticator aws-reserved aws-service-role bash be bearer beta
  bin bot build by ca ca-data can cannot cellar central cert certificate ci ci-cd cli client cloud cluster
  cluster-admin clusterrole clusterrolebinding clusters cn code com command config configmap connect console
  container context contexts controller create credential credential_process credentials current
  current-context data debug default delete deny deploy deployment deployments describe desktop dns docker
  dockerfile duration_seconds east ec2 ec2_linux ec2_windows ecr edit editor eks eksctl endpoint env error
  etc eu exec expired extensions failed false fargate file files flux for forbidden from get get-token
  github gitlab gitlab-ci gke global gov group groups has have helm home homebrew host http https
  hybrid_linux hyperpod_linux iam id identity il image in info input install interactivemode io is iso isob
  issuer it its job json k8s k9s key kind kube kubeconfig kubectl kubectl-vouch kubernetes lens lib library
  linux list load local localhost log login logs main map mapaccounts maproles mapusers masters me member
  metadata mode mx name names namespace namespaces net network never no no_proxy node nodes none north
  northeast northwest not null of oidc on opt or org output path pipeline plugin pod pods policy port power
  preferences principal private profile program provider proxy proxy-url public raw rbac read read-only
  reader readonly region request resource resources rest role role_arn rolearn roles root run s3 sa scope
  secret secrets security server service service-role services session session-token session_name set sh
  shell signin snap source_profile south southeast southwest spec ssm sso sso.amazonaws.com sso_session
  standard start status stderr stdout sts subject subjects system system32 system:masters system:nodes task
  tcp terraform test tf that the this tls tmp to token tool tools true tunnel type unauthorized update
  update-kubeconfig us user user-agent useraccess userarn username users usr value values var verb version
  view viewer vouch vpc was watch web were west windows with write www yaml yes you your zsh
  `
    .trim()
    .split(/\s+/),
);

/** The shortest name worth hiding; shorter ones occur everywhere. */
const SHORTEST = 3;

/** Whether a name is kept as it is. */
export function isPlain(name: string): boolean {
  return name.length < SHORTEST || isWord(name) || /^(?:AWSServiceRole|AmazonEKS|system:)/.test(name);
}

/** Whether it is a word that says nothing about anyone, such as a region or the id of an instance. */
function isWord(name: string): boolean {
  return (
    PLAIN.has(name.toLowerCase()) ||
    /^\d+$/.test(name) ||
    /^i-[0-9a-f]+$/.test(name) ||
    /^ip(?:-\d{1,3}){4}$/.test(name) ||
    /^[a-z]{2,4}(?:-[a-z]+)+-\d$/.test(name)
  );
}
