import type { Traps } from "./traps.ts";

/** What the author of a kubeconfig can have on the machine, besides the kubeconfig. */
export interface Rogue {
  readonly traps: Traps;
  /** A home of his making: settings, profiles, a session and a key of his. */
  readonly home: string;
  /** A home in which somebody is logged in whose secrets are in the keyring. */
  readonly keyringHome: string;
  /** Programs that leave a mark when they run. */
  readonly bin: string;
  /** A file that such programs, and addresses that run programs, would make. */
  readonly mark: string;
  /** A server that a forged session in his home is for. */
  readonly server: string;
}

/** The worst that a variable can be set to, and what comes of it. */
export interface SteeringRow {
  /** The names in the first column of token/SECURITY.md. */
  readonly names: readonly string[];
  /** Each of these, in `exec.env`. */
  readonly worst: (rogue: Rogue) => readonly Readonly<Record<string, string>>[];
  /** `same`: the answer is that of a call without it. `refused`: there is none. Either way nothing is told. */
  readonly outcome: "same" | "refused";
  /** Tried also where the network is the attacker's: connections to AWS, or Vouch, end at him. */
  readonly onHisNetwork?: boolean;
  /** Needs what the lab's bundle does not have, the keyring. */
  readonly isBuilt?: boolean;
  /** Leads to other AWS files or credentials, as a context without a session may. */
  readonly isAwsQuestion?: boolean;
  /** For `--server`, too, as a kubeconfig can say. */
  readonly server?: (rogue: Rogue) => string;
}

const each = (names: readonly string[], values: (rogue: Rogue) => readonly string[]) => (rogue: Rogue) =>
  names.flatMap((name) => values(rogue).map((value) => ({ [name]: value })));

/** Several that have nothing to do with hosts and authorities, all at once. */
function together(names: readonly string[], values: (rogue: Rogue) => readonly string[]): SteeringRow {
  return {
    names,
    worst: (rogue) => values(rogue).map((value) => Object.fromEntries(names.map((name) => [name, value]))),
    outcome: "same",
  };
}

const setTo = (value: string) => () => [value];

const addresses = ({ traps }: Rogue) => [
  traps.http,
  traps.https,
  "https://evil.s3.amazonaws.com",
  "\u001b]0;x\u0007",
];

function row(
  names: readonly string[],
  values: (rogue: Rogue) => readonly string[],
  outcome: SteeringRow["outcome"] = "same",
  more: Partial<SteeringRow> = {},
): SteeringRow {
  return { names, worst: each(names, values), outcome, ...more };
}

/** Whom we take for an agent is a courtesy, not a boundary. */
const AGENTS = [
  ...["AGENT", "AI_AGENT", "CLAUDECODE", "CLAUDE_CODE", "CURSOR_TRACE_ID", "CURSOR_AGENT", "GEMINI_CLI"],
  ...["CODEX_SANDBOX", "CODEX_THREAD_ID", "COPILOT_MODEL", "AUGMENT_AGENT", "ANTIGRAVITY_AGENT"],
  ...["OPENCODE_CLIENT", "CLINE_ACTIVE"],
];

const LOCALE = ["LANG", "LC_ALL", "LC_CTYPE"];

/**
 * Every variable that the program, its libraries or its C library reads, but those that the launcher keeps from it: they
 * are tried in test/release/core-gate.peer.ts.
 */
export const STEERING_ROWS: readonly SteeringRow[] = [
  row(["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS"], addresses),
  row(
    [
      "AWS_ENDPOINT_URL_EKS",
      "AWS_ENDPOINT_URL_IAM",
      "AWS_ENDPOINT_URL_SSO",
      "AWS_ENDPOINT_URL_SSO_OIDC",
      "AWS_ENDPOINT_URL_SIGNIN",
    ],
    ({ traps }) => [traps.http],
  ),
  row(["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"], setTo("true")),
  row(["AWS_CA_BUNDLE", "VOUCH_CA_BUNDLE"], ({ traps }) => [traps.caFile, "/dev/zero-not-there"], "same", {
    onHisNetwork: true,
  }),
  {
    names: ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"],
    worst: ({ traps }) =>
      ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"].map((name) => ({
        [name]: traps.proxy,
        AWS_CA_BUNDLE: traps.caFile,
        VOUCH_CA_BUNDLE: traps.caFile,
        NODE_EXTRA_CA_CERTS: traps.caFile,
      })),
    outcome: "same",
    onHisNetwork: true,
  },
  together(["NO_PROXY", "no_proxy"], setTo("*")),
  together(["HTTP_PROXY", "http_proxy", "SSH_AUTH_SOCK"], ({ traps }) => [traps.proxy]),
  row(["VOUCH_SERVER"], ({ traps }) => [traps.https, traps.http]),
  {
    names: ["HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"],
    worst: ({ home, traps }) => [
      { HOME: home },
      { HOME: home, VOUCH_CA_BUNDLE: traps.caFile },
      { XDG_STATE_HOME: `${home}/.local/state` },
      {
        XDG_STATE_HOME: `${home}/.local/state`,
        XDG_DATA_HOME: `${home}/.local/share`,
        XDG_CONFIG_HOME: `${home}/.config`,
      },
    ],
    outcome: "refused",
    server: ({ server }) => server,
  },
  together(["APPDATA", "LOCALAPPDATA", "USERPROFILE"], ({ home }) => [home, "\\\\evil\\share"]),
  {
    names: ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"],
    worst: ({ home }) => [
      { AWS_CONFIG_FILE: `${home}/.aws/config`, AWS_PROFILE: "rogue" },
      { AWS_SHARED_CREDENTIALS_FILE: `${home}/.aws/credentials` },
    ],
    outcome: "same",
    isAwsQuestion: true,
  },
  { ...together(["AWS_PROFILE", "AWS_DEFAULT_PROFILE"], setTo("rogue")), isAwsQuestion: true },
  together(["AWS_REGION", "AWS_DEFAULT_REGION"], setTo("evil.example.com/#")),
  together(
    [
      "AWS_ACCESS_KEY_ID",
      "AWS_SECRET_ACCESS_KEY",
      "AWS_SESSION_TOKEN",
      "AWS_WEB_IDENTITY_TOKEN_FILE",
      "AWS_ROLE_ARN",
      "AWS_ROLE_SESSION_NAME",
    ],
    setTo("rogue"),
  ),
  together(
    [
      "AWS_CONTAINER_CREDENTIALS_FULL_URI",
      "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
      "AWS_CONTAINER_AUTHORIZATION_TOKEN",
      "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
      "AWS_SECURITY_TOKEN",
      "AWS_CREDENTIAL_EXPIRATION",
      "AWS_EC2_METADATA_DISABLED",
      "AWS_EC2_METADATA_SERVICE_ENDPOINT",
      "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
    ],
    ({ traps }) => [traps.http, "false"],
  ),
  row(["AWS_LOGIN_CACHE_DIRECTORY"], ({ home }) => [home]),
  row(["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"], setTo("true")),
  together(["AWS_DEFAULT_OUTPUT", "AWS_STS_REGIONAL_ENDPOINTS"], setTo("legacy")),
  {
    ...together(
      ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"],
      ({ traps }) => [traps.caFile],
    ),
    onHisNetwork: true,
  },
  row(["NODE_ENV"], setTo("development")),
  row(["NODE_TLS_REJECT_UNAUTHORIZED"], setTo("0"), "refused", { onHisNetwork: true }),
  row(["DEBUG"], setTo("*")),
  row(["VOUCH_DEBUG"], setTo("1")),
  row(["VOUCH_CONFIRM"], setTo("lab\r\nevil")),
  together(
    [
      ...["AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_NAME", "_X_AMZN_TRACE_ID", "AWS_LAMBDA_MAX_CONCURRENCY"],
      ...[
        "AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA",
        "AWS_LAMBDA_BENCHMARK_MODE",
        "UNDICI_NO_FG",
        "JEST_WORKER_ID",
      ],
      ...["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED", "AWS_ENABLE_DEFAULT_SOCKET_TIMEOUT_2026"],
    ],
    setTo("1"),
  ),
  {
    names: ["DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"],
    worst: ({ traps, mark, bin, keyringHome }) => [
      { HOME: keyringHome, DBUS_SESSION_BUS_ADDRESS: traps.bus },
      {
        HOME: keyringHome,
        DBUS_SESSION_BUS_ADDRESS: `unixexec:path=/bin/sh,argv1=-c,argv2=touch%20${mark}`,
      },
      { HOME: keyringHome, DBUS_SESSION_BUS_ADDRESS: "autolaunch:", PATH: bin },
      { HOME: keyringHome, XDG_RUNTIME_DIR: keyringHome },
    ],
    outcome: "refused",
    server: () => "https://us.vouch.sh",
    isBuilt: true,
  },
  row(["PATH", "Path", "PATHEXT"], ({ bin }) => [bin]),
  row(["TMPDIR"], ({ home }) => [home]),
  row(["KUBECONFIG"], ({ home }) => [`${home}/kubeconfig`]),
  together(["HOSTALIASES", "LOCALDOMAIN", "RES_OPTIONS"], ({ home }) => [`${home}/host-aliases`]),
  together(
    [
      "KUBERC",
      "KUBECTL_KUBERC",
      "KREW_ROOT",
      "KUBECTL_PATH",
      "SNAP_NAME",
      "FLATPAK_ID",
      "C9_*",
      "CI",
      "GITHUB_ACTIONS",
      "WT_SESSION",
      "TERM_PROGRAM",
    ],
    ({ mark }) => [mark],
  ),
  together(
    [
      ...[
        "NO_COLOR",
        "FORCE_COLOR",
        "CLICOLOR_FORCE",
        "TERM",
        "TF_BUILD",
        "SHELL",
        "PROMPT",
        "PSModulePath",
        "ProgramFiles",
        "ZSH_NAME",
        "PWD",
        "_",
      ],
      ...["YARGS_MIN_NODE_VERSION", "YARGS_DISABLE_WRAP"],
    ],
    setTo("1"),
  ),
  row(["BROWSER"], ({ bin }) => [`${bin}/sh`, `${bin}/sh -c %s`]),
  together(
    ["DISPLAY", "WAYLAND_DISPLAY", "SSH_CONNECTION", "SSH_TTY", "SESSIONNAME", "SystemRoot"],
    setTo(":0"),
  ),
  together(AGENTS, setTo("1\r\nEvil: 1")),
  together([...LOCALE, "TZ"], setTo("../../x")),
];
