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

export const EXEC_COMMAND = closed("Program of `exec.command`, as the client would find it.", {
  command: text("Command, as written in the kubeconfig."),
  resolved: either("Absolute path of the program; null if it was not found.", text(), nothing),
  resolvedForGui: optional(
    either("Absolute path, if searched with the PATH of a program started from a desktop.", text(), nothing),
  ),
  executable: optional(flag("Whether the program is executable.")),
  version: optional(text("Output of `--version`.")),
});

export const PLUGIN_RUN = closed("Result of the exec plugin, run as the client would run it.", {
  exitCode: number("Exit status of the plugin."),
  stderr: optional(text("What the plugin printed to stderr.")),
  stdoutHead: optional(text("Beginning of stdout, if it is not an ExecCredential. Never contains a token.")),
  credential: optional(
    closed("The ExecCredential without its token.", {
      apiVersion: text("apiVersion of the ExecCredential."),
      expirationTimestamp: optional(text("`status.expirationTimestamp`")),
      hasToken: flag("Whether `status.token` is set."),
    }),
  ),
  seconds: optional(number("Duration of the run, in seconds.")),
});

export const TOKEN = closed("The EKS token, without its secret parts.", {
  bytes: optional(number("Length of the token, in bytes.")),
  host: optional(text("STS host that the token is signed for.")),
  region: optional(text("Region in the credential scope of the signature.")),
  partition: optional(text("Partition of the STS host.")),
  accessKeyId: optional(text("ID of the access key, which is not secret.")),
  temporary: optional(flag("Whether the token contains a session token.")),
  signedHeaders: optional(list(text(), "Signed headers.")),
  signedAt: optional(text("When the token was signed. ISO 8601.")),
  endsAt: optional(text("When the token expires. ISO 8601.")),
  problems: optional(
    list(
      closed("A reason why a verifier would reject the token.", {
        step: number("Number of the verifier's step."),
        problem: text("What the verifier would reject."),
      }),
      "Reasons why a verifier would reject the token; empty if it would accept it.",
    ),
  ),
});

export const CALLER = open("The caller.", {
  UserId: optional(text("`AROA…:SESSION`")),
  Account: optional(text("Account ID: twelve digits, as a string.")),
  Arn: text("`arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`"),
});

export const TOKEN_NAME = closed("One test with STS.", {
  name: text("Cluster name that was sent with the token."),
  accepted: flag("Whether the signature matches this cluster name."),
  error: optional(text("Error from STS.")),
});

export const VOUCH = closed("State of Vouch for a context that uses kubectl-vouch.", {
  server: text("URL of the Vouch server."),
  loggedIn: flag("Whether this machine has a session."),
  identity: optional(text("User who is logged in.")),
  sessionEnd: optional(text("When the session expires. ISO 8601.")),
  serverConfirms: optional(flag("Whether the server reports that the session is valid.")),
  serverProblem: optional(text("Why the server could not be contacted.")),
  agent: optional(text("AI agent that runs kubectl-vouch, which gets a read-only session.")),
  endpoints: optional(
    closed("Where the session's secrets can be sent, as recorded by login or setup.", {
      vouchCaBundle: optional(text("PEM file with CAs for the Vouch server.")),
      awsCaBundle: optional(text("PEM file with CAs for AWS.")),
      stsEndpoint: optional(text("URL that replaces AWS STS.")),
      eksEndpoint: optional(text("URL that replaces the EKS API.")),
      iamEndpoint: optional(text("URL that replaces the IAM API.")),
      ssoEndpoint: optional(text("URL that replaces the IAM Identity Center portal.")),
      ssoOidcEndpoint: optional(text("URL that replaces the IAM Identity Center token service.")),
      signinEndpoint: optional(text("URL that replaces AWS Sign-In.")),
    }),
  ),
});

export const SOURCE_FILE = closed(
  "A file, other than the AWS config and credentials files, that a profile's credentials depend on. Does not contain secrets.",
  {
    kind: oneOf(
      ["sso", "login", "web-identity"],
      "Content of the file: an IAM Identity Center session, an `aws login` session, or an OIDC token.",
    ),
    path: text("Path where the file is expected."),
    state: oneOf(["there", "absent", "unreadable"], "Whether the file exists and has the expected content."),
    expiresAt: optional(text("When the token in the file expires. ISO 8601.")),
    refreshable: optional(flag("Whether the file contains a refresh token.")),
    startUrl: optional(text("IAM Identity Center start URL in the file.")),
    region: optional(text("IAM Identity Center region in the file.")),
  },
);

export const CLOCK = closed("Comparison of two clocks.", {
  peer: text("Host that this machine's clock was compared with."),
  aheadSeconds: number("How far this machine's clock is ahead, in seconds."),
});

export const NETWORK = closed("The network path to the API server.", {
  host: text("Host of `server`."),
  port: number("Port of `server`."),
  addresses: optional(list(text(), "Addresses from DNS.")),
  dnsError: optional(
    text(
      "Why DNS does not resolve the host, as reported by the resolver or the program: `ENOTFOUND`, `NXDOMAIN`.",
    ),
  ),
  tcp: optional(oneOf(["open", "refused", "timeout", "unreachable"], "Result of a connection attempt.")),
  tls: optional(
    closed("Result of the TLS handshake.", {
      ok: flag("Whether the kubeconfig's CA verifies the certificate."),
      error: optional(text("Why the handshake failed.")),
      issuer: optional(text("Common name of the issuer of the served certificate.")),
      subjectAltNames: optional(list(text(), "Names in the served certificate.")),
    }),
  ),
  localAddresses: optional(list(text(), "Addresses of this machine.")),
  egressAddress: optional(text("Public address of this machine.")),
  proxy: optional(
    closed("The proxy that is used for the host.", {
      url: text("URL of the proxy, without the password."),
      origin: text("Where the proxy is set: `HTTPS_PROXY`, `proxy-url`."),
      answer: optional(text("The proxy's answer to CONNECT.")),
    }),
  ),
});

export const API_SERVER = closed("The API server's answer to the token.", {
  status: number("HTTP status."),
  message: optional(text("`message` of the Status object, or the beginning of the body.")),
  isKubernetes: optional(flag("Whether the body is a Kubernetes object.")),
});

export const KEY = closed("A security key.", {
  name: text("Name of the security key."),
  readable: flag("Whether this user is allowed to access the security key."),
});
