import {
  closed,
  either,
  flag,
  list,
  nothing,
  number,
  oneOf,
  open,
  optional,
  text,
} from "../../../token/schema.ts";

export const EXEC_COMMAND = closed("`exec.command`, as the client would find it.", {
  command: text("As the kubeconfig writes it."),
  resolved: either("Absolute path; null: it is not found.", text(), nothing),
  resolvedForGui: optional(
    either("The same with the PATH of a program started by a desktop.", text(), nothing),
  ),
  executable: optional(flag("Whether it may be executed.")),
  version: optional(text("What `--version` says.")),
});

export const PLUGIN_RUN = closed("The exec plugin, run as the client would run it.", {
  exitCode: number("Its exit status."),
  stderr: optional(text("What it said on stderr.")),
  stdoutHead: optional(text("Beginning of stdout, when that is no ExecCredential. Never a token.")),
  credential: optional(
    closed("The ExecCredential without its token.", {
      apiVersion: text("Its apiVersion."),
      expirationTimestamp: optional(text("`status.expirationTimestamp`")),
      hasToken: flag("Whether `status.token` is set."),
    }),
  ),
  seconds: optional(number("How long it took.")),
});

export const TOKEN = closed("The EKS token without its secret parts.", {
  bytes: optional(number("Its length.")),
  host: optional(text("STS host that it is signed for.")),
  region: optional(text("Region in its scope.")),
  partition: optional(text("Partition of that host.")),
  accessKeyId: optional(text("Id of the access key; an id, no secret.")),
  temporary: optional(flag("Whether it carries a session token.")),
  signedHeaders: optional(list(text(), "Headers under the signature.")),
  signedAt: optional(text("ISO 8601.")),
  endsAt: optional(text("ISO 8601.")),
  problems: optional(
    list(
      closed("One thing a verifier would refuse.", {
        step: number("Step of the verifier."),
        problem: text("What it refuses."),
      }),
      "What a verifier would refuse; empty when it would accept.",
    ),
  ),
});

export const CALLER = open("The caller.", {
  UserId: optional(text("`AROA…:SESSION`")),
  Account: optional(text("Twelve digits, as text.")),
  Arn: text("`arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`"),
});

export const TOKEN_NAME = closed("One test at STS.", {
  name: text("Cluster name that was sent with the token."),
  accepted: flag("Whether the signature fits it."),
  error: optional(text("STS's refusal.")),
});

export const VOUCH = closed("The state of Vouch for a context of ours.", {
  server: text("URL of the server."),
  loggedIn: flag("Whether there is a session here."),
  identity: optional(text("Whose.")),
  sessionEnd: optional(text("ISO 8601.")),
  serverConfirms: optional(flag("Whether the server says that the session is valid.")),
  serverProblem: optional(text("Why the server could not be asked.")),
  agent: optional(text("The AI agent that runs us, which gets a read-only session.")),
  endpoints: optional(
    closed("Where the session's secrets may go, as login or setup recorded it.", {
      vouchCaBundle: optional(text("PEM file of authorities for the Vouch server.")),
      awsCaBundle: optional(text("PEM file of authorities for AWS.")),
      stsEndpoint: optional(text("Address in place of AWS's own STS.")),
      eksEndpoint: optional(text("Address in place of AWS's own EKS.")),
      iamEndpoint: optional(text("Address in place of AWS's own IAM.")),
      ssoEndpoint: optional(text("Address in place of AWS's own portal of Identity Center.")),
      ssoOidcEndpoint: optional(text("Address in place of AWS's own token service of Identity Center.")),
      signinEndpoint: optional(text("Address in place of AWS's own AWS Sign-In.")),
    }),
  ),
});

export const SOURCE_FILE = closed(
  "A file beside the two of AWS that a profile's credentials depend on. Nothing of it is secret.",
  {
    kind: oneOf(
      ["sso", "login", "web-identity"],
      "What it holds: a session of IAM Identity Center, one of `aws login`, an OIDC token.",
    ),
    path: text("Where it is looked for."),
    state: oneOf(["there", "absent", "unreadable"], "Whether it is there, and is what it should be."),
    expiresAt: optional(text("When the token in it ends, in ISO 8601.")),
    refreshable: optional(flag("Whether it has a refresh token.")),
    startUrl: optional(text("Start URL of Identity Center, as it says.")),
    region: optional(text("Region of Identity Center, as it says.")),
  },
);

export const CLOCK = closed("Two clocks at one moment.", {
  peer: text("Whose clock ours was compared with."),
  aheadSeconds: number("Ours minus theirs, in seconds."),
});

export const NETWORK = closed("The path to the API server.", {
  host: text("Host of `server`."),
  port: number("Port of `server`."),
  addresses: optional(list(text(), "What DNS answers.")),
  dnsError: optional(
    text(
      "Why DNS does not resolve it, in the words of the resolver or the program: `ENOTFOUND`, `NXDOMAIN`.",
    ),
  ),
  tcp: optional(oneOf(["open", "refused", "timeout", "unreachable"], "How an attempt to connect ended.")),
  tls: optional(
    closed("Result of the handshake.", {
      ok: flag("Whether the certificate is valid according to the kubeconfig's authority."),
      error: optional(text("Why not.")),
      issuer: optional(text("Common name of the issuer of the served certificate.")),
      subjectAltNames: optional(list(text(), "Names in it.")),
    }),
  ),
  localAddresses: optional(list(text(), "This machine's own addresses.")),
  egressAddress: optional(text("This machine's address to the outside.")),
  proxy: optional(
    closed("The proxy in force for that host.", {
      url: text("Its URL, without the password."),
      origin: text("Where it is set: `HTTPS_PROXY`, `proxy-url`."),
      answer: optional(text("What it answered to CONNECT.")),
    }),
  ),
});

export const API_SERVER = closed("What the API server answers to the token.", {
  status: number("HTTP status."),
  message: optional(text("`message` of the Status object, or the beginning of the body.")),
  isKubernetes: optional(flag("Whether the body was an object of Kubernetes.")),
});

export const KEY = closed("A security key.", {
  name: text("Its name."),
  readable: flag("Whether this user may talk to it."),
});
