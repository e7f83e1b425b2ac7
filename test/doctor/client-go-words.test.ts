import assert from "node:assert/strict";
import { RULES } from "../../doctor/causes/index.ts";
import { diagnose } from "../../doctor/check/diagnose.ts";
import { deriveFacts } from "../../doctor/derive/derive.ts";
import type { Symptom } from "../../doctor/derive/failure/symptom.ts";
import { symptomInWords } from "../../doctor/derive/failure/symptom-words.ts";
import type { DoctorEvidence } from "../../doctor/evidence/evidence.ts";
import { kubeconfigText } from "./support/bundle.ts";

/** What kubectl says before an error of a call. */
const CONNECT = "Unable to connect to the server: ";
const GETTING = `${CONNECT}getting credentials: `;

type Sentence = readonly [words: string, kind: Symptom["kind"], cause?: string];

/**
 * What client-go says before it sends a request, by the file that says it, in the frame in which kubectl 1.28 and 1.36
 * print it (measured). Without a cause: the words do not tell why.
 *
 * Source: client-go, 32ce75a7d6bc.
 */
const SENTENCES: Readonly<Record<string, readonly Sentence[]>> = {
  "plugin/pkg/client/auth/exec/exec.go": [
    ['error: exec plugin: invalid apiVersion "client.authentication.k8s.io/v1alpha1"', "configuration", "K2"],
    ['error: invalid plugin policy: unknown plugin policy: "Deny"', "configuration", "K5"],
    [
      `${GETTING}exec plugin cannot support interactive mode: standard input is not a terminal`,
      "plugin-failed",
      "K4",
    ],
    [
      `${GETTING}exec plugin cannot support interactive mode: standard input is unavailable: used by list command`,
      "plugin-failed",
      "K4",
    ],
    [
      `${GETTING}exec plugin cannot support interactive mode: unknown interactiveMode: "Sometimes"`,
      "plugin-failed",
      "K4",
    ],
    [`${GETTING}encode ExecCredentials: no kind is registered`, "plugin-failed"],
    [`${GETTING}exec: executable aws not found`, "plugin-failed", "K1"],
    [`${GETTING}exec: executable aws failed with exit code 73`, "plugin-failed"],
    [`${GETTING}exec: executable aws failed with exit code -1`, "plugin-failed"],
    [
      `${GETTING}exec: exec: "aws": cannot run executable found relative to current directory`,
      "plugin-failed",
      "K1",
    ],
    [`${GETTING}exec: fork/exec /opt/aws: permission denied`, "plugin-failed", "K1"],
    [`${GETTING}exec: fork/exec /opt/aws: no such file or directory`, "plugin-failed", "K1"],
    [`${GETTING}exec: fork/exec /opt/aws: exec format error`, "plugin-failed", "K16"],
    [`${GETTING}plugin "aws" not allowed: policy set to "DenyAll"`, "plugin-failed", "K5"],
    [`${GETTING}unknown plugin policy "Deny"`, "plugin-failed", "K5"],
    [
      `${GETTING}plugin path "aws" cannot be resolved for credential plugin allowlist check: exec: "aws": executable file not found in $PATH`,
      "plugin-failed",
      "K1",
    ],
    [
      `${GETTING}plugin path "/usr/bin/aws" is not permitted by the credential plugin allowlist`,
      "plugin-failed",
      "K5",
    ],
    [
      `${GETTING}decoding stdout: couldn't get version/kind; json parse error: unexpected end of JSON input`,
      "plugin-failed",
      "K6",
    ],
    [
      `${GETTING}decoding stdout: no kind "Secret" is registered for version "v1" in scheme "pkg/client/auth/exec/exec.go:64"`,
      "plugin-failed",
      "K6",
    ],
    [
      `${GETTING}exec plugin is configured to use API version client.authentication.k8s.io/v1, plugin returned version client.authentication.k8s.io/v1beta1`,
      "plugin-failed",
      "K3",
    ],
    [
      `${GETTING}exec plugin is configured to use API version client.authentication.k8s.io/v1, plugin returned version client.authentication.k8s.io/__internal`,
      "plugin-failed",
      "K6",
    ],
    [`${GETTING}exec plugin didn't return a status field`, "plugin-failed", "K6"],
    [`${GETTING}exec plugin didn't return a token or cert/key pair`, "plugin-failed", "K6"],
    [`${GETTING}exec plugin returned only certificate or key, not both`, "plugin-failed", "K6"],
    [
      `${GETTING}failed parsing client key/certificate: tls: failed to find any PEM data in certificate input`,
      "plugin-failed",
      "K6",
    ],
    [`${GETTING}failed parsing client leaf certificate: x509: malformed certificate`, "plugin-failed", "K6"],
    [
      'error: misconfigured credential plugin allowlist: plugin policy is "AllowAll" but allowlist is non-nil',
      "configuration",
      "K5",
    ],
    [
      'error: credential plugin policy set to "Allowlist", but allowlist is unspecified',
      "configuration",
      "K5",
    ],
    [
      'error: credential plugin policy set to "Allowlist", but allowlist is empty; use "DenyAll" policy instead',
      "configuration",
      "K5",
    ],
    ["error: misconfigured credential plugin allowlist: empty allowlist entry #1", "configuration", "K5"],
    ['error: non-normalized file path: "/usr//bin/aws" vs "/usr/bin/aws"', "configuration", "K5"],
  ],
  "plugin/pkg/client/auth/exec/exec.go before 0.20": [
    [`${GETTING}exec: exit status 73`, "plugin-failed"],
    [`${GETTING}exec: signal: killed`, "plugin-failed"],
    [`${GETTING}exec: signal: segmentation fault`, "plugin-failed", "K16"],
    [`${GETTING}exec: exec: "aws": executable file not found in $PATH`, "plugin-failed", "K1"],
  ],
  "tools/clientcmd/validation.go": [
    ["error: no context chosen", "configuration", "K14"],
    [
      "error: invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER environment variable",
      "configuration",
      "K14",
    ],
    ["error: invalid configuration: cluster has no server defined", "configuration", "K15"],
    ["Error in configuration: context was not found for specified context: lab", "configuration", "K15"],
    ["error: invalid configuration: default cluster has no server defined", "configuration", "K15"],
    ['error: no server found for cluster "lab"', "configuration", "K15"],
    [
      `error: invalid 'proxy-url' "ftp://x" for cluster "lab": unsupported scheme "ftp", must be http, https, or socks5`,
      "configuration",
      "K13",
    ],
    [
      `Error in configuration: \n* certificate-authority-data and certificate-authority are both specified for lab. certificate-authority-data will override.\n* unable to read certificate-authority /ca for lab due to open /ca: no such file or directory`,
      "configuration",
      "K13",
    ],
    [
      "error: unable to read certificate-authority /ca for lab due to open /ca: no such file or directory",
      "configuration",
      "K13",
    ],
    [
      "error: client-cert-data and client-cert are both specified for ada. client-cert-data will override.",
      "configuration",
      "K13",
    ],
    [
      "error: client-key-data and client-key are both specified for ada; client-key-data will override",
      "configuration",
      "K13",
    ],
    [
      "error: client-key-data or client-key must be specified for ada to use the clientCert authentication method.",
      "configuration",
      "K13",
    ],
    [
      "error: unable to read client-cert /c for ada due to open /c: no such file or directory",
      "configuration",
      "K13",
    ],
    ["error: unable to read client-key /k for ada due to open /k: permission denied", "configuration", "K13"],
    [
      "error: authProvider cannot be provided in combination with an exec plugin for ada",
      "configuration",
      "K13",
    ],
    ["error: command must be specified for ada to use exec authentication plugin", "configuration", "K13"],
    ["error: apiVersion must be specified for ada to use exec authentication plugin", "configuration", "K2"],
    [
      "error: env variable name must be specified for ada to use exec authentication plugin",
      "configuration",
      "K13",
    ],
    [
      "error: interactiveMode must be specified for ada to use exec authentication plugin",
      "configuration",
      "K4",
    ],
    ['error: invalid interactiveMode for ada: "Sometimes"', "configuration", "K4"],
    [
      'error: allowlist misconfiguration: credential plugin policy set to "Allowlist", but allowlist is unspecified',
      "configuration",
      "K5",
    ],
    [
      "error: more than one authentication method found for ada; found [token basicAuth], only one is allowed",
      "configuration",
      "K13",
    ],
    [
      "error: requesting uid, groups or user-extra for ada without impersonating a user",
      "configuration",
      "K13",
    ],
    [
      "error: invalid configuration: empty context name for api.Context{} is not allowed",
      "configuration",
      "K15",
    ],
    ['error: invalid configuration: user was not specified for context "lab"', "configuration", "K15"],
    ['error: invalid configuration: user "ada" was not found for context "lab"', "configuration", "K15"],
    ['error: invalid configuration: cluster was not specified for context "lab"', "configuration", "K15"],
    ['error: invalid configuration: cluster "lab" was not found for context "lab"', "configuration", "K15"],
    [
      'error: invalid configuration: namespace "A B" for context "lab" does not conform to the kubernetes DNS_LABEL rules',
      "configuration",
      "K13",
    ],
    [
      'error: invalid configuration: [user "ada" was not found for context "lab", no server found for cluster "lab"]',
      "configuration",
      "K15",
    ],
    [
      "Error: Kubernetes cluster unreachable: invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER environment variable",
      "configuration",
      "K14",
    ],
  ],
  "tools/clientcmd/client_config.go": [
    ['error: context "lab" does not exist', "configuration", "K15"],
    ['error: auth info "ada" does not exist', "configuration", "K15"],
    ['error: cluster "lab" does not exist', "configuration", "K15"],
  ],
  "tools/clientcmd/loader.go": [
    [
      'error: error loading config file "/k": yaml: line 3: mapping values are not allowed in this context',
      "configuration",
      "K13",
    ],
    ['error: error loading config file "/k": open /k: permission denied', "configuration", "K13"],
    ['error: error loading config file "/k": illegal base64 data at input byte 3', "configuration", "K13"],
    ["W1127 06:00:00.000000   12593 loader.go:222] Config not found: /k", "configuration", "K14"],
  ],
  "rest/config.go": [
    [
      "error: unable to load in-cluster configuration, KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be defined",
      "configuration",
      "K14",
    ],
  ],
  "rest/url_utils.go": [
    ['error: host must be a URL or a host:port pair: "https://h:port"', "configuration", "K13"],
  ],
  "transport/transport.go": [
    [
      "error: specifying a root certificates file with the insecure flag is not allowed",
      "configuration",
      "K13",
    ],
    ["error: unable to load root certificates: unable to parse bytes as PEM block", "configuration", "N6"],
    [
      "error: unable to load root certificates: failed to parse certificate: x509: malformed certificate",
      "configuration",
      "N6",
    ],
    [
      "error: unable to load root certificates: no valid certificate authority data seen",
      "configuration",
      "N6",
    ],
    ["error: tls: failed to find any PEM data in certificate input", "configuration", "K13"],
    ["error: tls: failed to find any PEM data in key input", "configuration", "K13"],
    ["error: tls: private key does not match public key", "configuration", "K13"],
  ],
  "rest/transport.go": [
    ["error: execProvider and authProvider cannot be used in combination", "configuration", "K13"],
  ],
  "rest/plugin.go": [['error: no Auth Provider found for name "foo"', "configuration", "K13"]],
  "plugin/pkg/client/auth/gcp/gcp_stub.go": [
    [
      `error: The gcp auth plugin has been removed.\nPlease use the "gke-gcloud-auth-plugin" kubectl/client-go credential plugin instead.\nSee https://cloud.google.com/blog/ for further details`,
      "configuration",
      "K13",
    ],
  ],
  "plugin/pkg/client/auth/azure/azure_stub.go": [
    [
      `error: The azure auth plugin has been removed.\nPlease use the https://github.com/Azure/kubelogin kubectl/client-go credential plugin instead.`,
      "configuration",
      "K13",
    ],
  ],
  "rest/exec.go": [
    [
      "error: failed to load CA bundle for execProvider: open /ca: no such file or directory",
      "configuration",
      "K13",
    ],
    ['error: cannot parse proxy URL: parse ":": missing protocol scheme', "configuration", "K13"],
  ],
  "transport/token_source.go": [
    ['error: failed to read token file "/t": open /t: no such file or directory', "configuration", "K13"],
    ['error: read empty token from file "/t"', "configuration", "K13"],
  ],
  "tools/clientcmd/auth_loaders.go": [["Please enter Username: error: EOF", "configuration", "K15"]],
  "plugin/pkg/client/auth/oidc/oidc.go": [
    ["error: Must provide idp-issuer-url", "configuration", "K13"],
    [`${CONNECT}No valid id-token, and cannot refresh without refresh-token`, "plugin-failed"],
    [`${CONNECT}failed to refresh token: oauth2: "invalid_grant" "Token is not active"`, "plugin-failed"],
  ],
};

/** All that is known is what the client said. */
function said(stderr: string, changes: Partial<DoctorEvidence> = {}): DoctorEvidence {
  const question = { command: "kubectl get pods", exitCode: 1, stderr };
  return { apiVersion: "vouch.kubectl/v1", kind: "DoctorEvidence", question, ...changes };
}

const causes = (bundle: DoctorEvidence) =>
  diagnose(RULES, deriveFacts(bundle)).rootCauses.map(({ cause }) => cause);

describe("what client-go says before it sends a request", () => {
  for (const [origin, sentences] of Object.entries(SENTENCES)) {
    for (const [words, kind, cause] of sentences) {
      it(`${origin}: ${words.replace(GETTING, "").replaceAll("\n", " ").slice(0, 90)}`, () => {
        assert.equal(symptomInWords(words).kind, kind);
        assert.deepEqual(causes(said(words)), cause === undefined ? [] : [cause]);
      });
    }
  }

  it("has the exit status in all its spellings", () => {
    for (const [words, exitCode] of [
      ["exec: executable aws failed with exit code 73", 73],
      ["exec: executable aws failed with exit code -1", -1],
      ["exec: exit status 73", 73],
      ["exec: signal: killed", undefined],
    ] as const) {
      const symptom = symptomInWords(`${GETTING}${words}`);
      assert.ok(symptom.kind === "plugin-failed");
      assert.equal(symptom.exitCode, exitCode);
    }
  });

  it("means the kubeconfig where it is a file that this names, and else nothing", () => {
    const words = "error: open /run/token: no such file or directory";
    const text = kubeconfigText("command: aws").replace(/ {4}exec:[\s\S]*/, "    tokenFile: /run/token\n");
    const kubeconfig = { files: [{ path: "/home/ada/.kube/config", text }] };
    assert.deepEqual(causes(said(words, { kubeconfig })), ["K13"]);
    assert.deepEqual(causes(said(words)), []);
  });
});
