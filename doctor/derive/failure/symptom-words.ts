import { attemptInRefusal } from "../authorization/access-request.ts";
import { plainText } from "../pasted-text.ts";
import type { Symptom } from "./symptom.ts";

/**
 * How the call failed, from the error of a client: kubectl, helm, Terraform, client-node, Python. The plugin's own failure comes
 * first, because clients wrap it in messages of their own; then a refusal that names the user, the strongest evidence. Source:
 * doctor/EKS-ACCESS.md, "Kinds of refusal", "Words of 401"; plugin/KUBECTL.md, "Words of kubectl".
 */
export function symptomInWords(text: string): Symptom {
  const plain = plainText(text);
  return (
    answered(text) ??
    pluginFailure(plain, text) ??
    forbidden(plain, text) ??
    configuration(plain, text) ??
    (UNAUTHORIZED.test(plain) ? { kind: "unauthorized" } : undefined) ??
    awsRefusal(plain, text) ??
    (NO_ANSWER.test(plain) ? { kind: "unreachable", text } : undefined) ?? { kind: "other", text }
  );
}

/** A refusal of the API server, live or pasted; undefined if it names no user. */
export function forbidden(plain: string, text: string): Symptom | undefined {
  const [, user, escalating] =
    /\b[Uu]ser "([^"]*)" (?:cannot |(?:\(groups=[^()]*\) )?(is attempting to grant))/.exec(plain) ?? [];
  if (user === undefined) return undefined;
  return {
    kind: "forbidden",
    user,
    attempt: attemptInRefusal(plain),
    escalation: escalating !== undefined,
    text,
  };
}

function answered(text: string): Symptom | undefined {
  const { line } = answeredCall(text) ?? {};
  if (line === undefined) return undefined;
  // A node's refusal is in the words of a caller's.
  const others = text.split("\n").filter((one) => one.trim() !== line);
  if (REFUSED.test(plainText(others.join("\n")))) return undefined;
  return { kind: "none", isProbed: false, answer: line };
}

/** A refusal in the same text takes precedence over such an answer. */
const REFUSED =
  /\bcannot \S+ (?:resource|path) "|\bUnauthorized\b|must be logged in to the server|getting credentials: /;

const PLUGIN_FAILED =
  /getting credentials: |get credentials: failed to refresh cached credentials|exec: executable \S+ (?:not found|failed with exit code)|exec: fork\/exec |exec: (?:exit status|signal:|exec: )|User Exec command "[^"]{1,300}" not found|No such file or directory: '(?:aws|aws-iam-authenticator|kubectl-vouch|vouch)'|exec plugin (?:is configured to use|didn't return|returned only|cannot support)|failed parsing client (?:key\/|leaf )?certificate|No valid id-token, and cannot refresh without refresh-token|failed to refresh token: |token response did not contain an id_token/;

/**
 * client-go's messages for invalid values of a kubeconfig or of the equivalent flags, before it sends anything.
 *
 * Source: client-go, tools/clientcmd/validation.go; rest/exec.go, plugin.go, transport.go, url_utils.go; transport/transport.go,
 * token_source.go; plugin/pkg/client/auth; go, crypto/tls, `X509KeyPair`.
 */
export const REFUSED_VALUES = {
  twice:
    /(?:certificate-authority|client-cert|client-key)-data and (?:certificate-authority|client-cert|client-key) are both specified for/,
  unreadable: /unable to read (?:certificate-authority|client-cert|client-key) \S+ for .{1,200} due to/,
  keyless: /client-key-data or client-key must be specified for/,
  pem: /tls: (?:failed to find|private key does not match public key|found a certificate rather than|failed to parse private key)/,
  exec: /(?:command|env variable name) must be specified for .{1,200} to use exec/,
  methods: /more than one authentication method found for/,
  impersonation: /requesting uid, groups or user-extra for .{1,200} without impersonating a user/,
  namespace: /namespace "[^"]*" for context "[^"]*" does not conform to the kubernetes DNS_LABEL rules/,
  proxy:
    /invalid 'proxy-url' "[^"]*" for cluster|cannot parse proxy URL: |failed to (?:create proxy URL request|get proxy URL) for execProvider/,
  insecure: /specifying a root certificates file with the insecure flag is not allowed/,
  bundle: /failed to load CA bundle for execProvider: /,
  tokenFile: /failed to read token file "[^"]*"|read empty token from file "[^"]*"/,
  server: /host must be a URL or a host:port pair/,
  both: /authProvider cannot be provided in combination with an exec plugin|execProvider and authProvider cannot be used in combination/,
  provider:
    /no Auth Provider found for name "[^"]*"|The \w+ auth plugin has been removed|Must provide idp-(?:issuer-url|client-id)/,
} as const satisfies Readonly<Record<string, RegExp>>;

/** Messages for a user entry or a file because of which the client does not even try to call. */
const CONFIGURATION: readonly RegExp[] = [
  /exec plugin: invalid apiVersion/,
  /invalid interactiveMode/,
  /error occurred while applying preferences/,
  /no server found for cluster/,
  /must be specified for .{1,200} to use exec/,
  /error loading config file/,
  /[Ii]nvalid configuration/,
  /[Ee]rror in configuration/,
  /context was not found for specified context/,
  /context "[^"]*" does not exist/,
  /no context exists with the name/,
  /cluster "[^"]*" does not exist/,
  /auth info "[^"]*" does not exist/,
  /unable to load root certificates/,
  /illegal base64 data at input byte/,
  /current-context must exist/,
  /Please enter Username/,
  /is wrong type/,
  /Content not a/,
  /(?:error|unreachable): (?:stat|open) .{1,300}: (?:no such file or directory|permission denied|is a directory)/,
  /invalid plugin policy: /,
  /credential plugin (?:allowlist|policy)/,
  /unknown plugin policy/,
  /non-normalized file path: /,
  /no context chosen/,
  /Missing or incomplete configuration info/,
  /Config not found: /,
  /unable to load in-cluster configuration/,
  ...Object.values(REFUSED_VALUES),
];

const UNAUTHORIZED =
  /must be logged in to the server|error=\\?"(?:identity is not mapped|sts getCallerIdentity failed)|could not verify token: sts getCallerIdentity failed|has asked for the client to provide credentials|\bUnauthorized\b|\b(?:HTTP-Code|[Ss]tatus(?: ?[Cc]ode)?|\(?code)["']?[:=]? ?401\b|\(401\)/;

const NO_ANSWER = new RegExp(
  [
    "Unable to connect to the server",
    "The connection to the server \\S+ was refused",
    "no such host",
    "dial tcp",
    "proxyconnect",
    "proxy \\S{1,300} of [\\w -]{1,40} does not answer",
    "i/o timeout",
    "TLS handshake",
    "x509: ",
    "connection (?:refused|reset)",
    "context deadline exceeded",
    "Max retries exceeded",
    "CERTIFICATE_VERIFY_FAILED",
    "\\b(?:ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)\\b",
    "\\b(?:SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_[A-Z_]+|ERR_TLS_\\w+)\\b",
    "unable to verify the first certificate",
    "self[- ]signed certificate",
  ].join("|"),
);

function pluginFailure(plain: string, text: string): Symptom | undefined {
  if (!PLUGIN_FAILED.test(plain)) return undefined;
  const [, code] = /(?:failed with exit code|exec: exit status) (-?\d+)/.exec(plain) ?? [];
  return { kind: "plugin-failed", text, exitCode: code === undefined ? undefined : Number(code) };
}

function configuration(plain: string, text: string): Symptom | undefined {
  const fits =
    CONFIGURATION.some((words) => words.test(plain)) ||
    /plugin(?: path)? "[^"]*" (?:is )?not (?:allowed|permitted)/.test(plain);
  return fits ? { kind: "configuration", text } : undefined;
}

/** AWS's refusals as written by the CLI, Go's SDK (Terraform) and the JavaScript SDK. */
function awsRefusal(plain: string, text: string): Symptom | undefined {
  const [, cli, go, plainCode] =
    /An error occurred \((\w+)\) when calling the \w+ operation|api error (\w+):|\b(\w+(?:Exception|Error|Denied)|AccessDenied|ExpiredToken|InvalidClientTokenId|InvalidIdentityToken|SignatureDoesNotMatch): /.exec(
      plain,
    ) ?? [];
  const code = cli ?? go ?? plainCode;
  if (
    code === undefined ||
    (plainCode !== undefined && !/\b(?:arn:aws|sts:|eks:|iam:|token|AWS)/i.test(plain))
  ) {
    return undefined;
  }
  const [, action] = /(?:not authorized to perform:?|perform) ([a-z0-9-]+:\w+)/.exec(plain) ?? [];
  return { kind: "aws-refused", code, action, text };
}

/** An answer that the API server returns only after it has authorized the call, and who can change what it rejects. */
interface AnsweredCall {
  /** The line that shows it. */
  readonly line: string;
  /** A sentence without its period; undefined where the answer itself says it. */
  readonly owner: string | undefined;
}

/** Source: doctor/EKS-ACCESS.md, "Kinds of refusal"; kubernetes/kubernetes, plugin/pkg/admission; kubelet, server. */
const ANSWERS: readonly (readonly [RegExp, string?])[] = [
  [/exceeded quota: [\w.-]+/, "A ResourceQuota limits the namespace; a namespace admin can raise it"],
  [/violates PodSecurity "/, "Pod Security admission rejects it because of the namespace's labels"],
  [/admission webhook "[^"]{1,253}" denied the request/, "The webhook's owner decides what it accepts"],
  [/failed calling webhook "[^"]{1,253}"/, "The admission webhook does not respond; its owner must fix it"],
  [
    /ValidatingAdmissionPolicy '[^']{1,253}'.{0,300} denied request/,
    "The policy's owner decides what it accepts",
  ],
  [/(?:maximum|minimum) \S{1,60} usage per (?:Container|Pod)/, "A LimitRange in the namespace limits it"],
  [/because it is being terminated/, "The namespace is being deleted"],
  [/no PriorityClass with name/, "The PriorityClass does not exist"],
  [
    /the server is currently unable to handle the request/,
    "An aggregated API does not respond, or the API server is overloaded; `kubectl get apiservices` shows which",
  ],
  [/the server has received too many requests/, "The API server throttles requests; try again later"],
  [
    /unable to upgrade connection: Unauthorized|error dialing backend: /,
    "The node rejects the API server's connection, or the API server cannot reach it; the owner of the nodes must fix that",
  ],
  [
    /Error from server \((?:NotFound\): \S+ "[^"]*" not found|(?:AlreadyExists|Conflict|Invalid|BadRequest)\))/,
  ],
  [/the server doesn't have a resource type "|no matches for kind "/],
];

/**
 * client-go's message for a 400 that does not come from Kubernetes. Source: kubernetes/apimachinery, pkg/api/errors/errors.go,
 * `NewGenericServerResponse`.
 */
const UNKNOWN_REASON = "the server rejected our request for an unknown reason";

/** Finds such an answer in an error; undefined if there is none. */
export function answeredCall(text: string): AnsweredCall | undefined {
  for (const line of text.split("\n")) {
    if (line.includes(UNKNOWN_REASON)) continue;
    const found = ANSWERS.find(([answer]) => answer.test(line));
    if (found !== undefined) return { line: line.trim(), owner: found[1] };
  }
  return undefined;
}
