import { execStanza } from "../../token/kubeconfig/exec-stanza.ts";
import type { KubeRecord } from "../../token/kubeconfig/kubeconfig-document.ts";
import { isRecord } from "../../token/record.ts";

/** A user entry whose identity cannot be determined: what it gets its credentials from, and why it is left alone. */
interface UnknownUser {
  /** `aws-vault`, `bash`, `token`; never a value. */
  readonly by: string;
  /** The end of a sentence that begins with the user. */
  readonly reason: string;
}

const SHELLS = ["sh", "bash", "zsh", "dash", "ksh", "fish", "cmd", "powershell", "pwsh"];

/** Programs that get credentials of their own and pass them to the program they start. */
const CREDENTIAL_WRAPPERS = [
  ...["aws-vault", "aws-okta", "aws-sso", "saml2aws", "granted", "assume", "awsume", "chamber", "op"],
  ...["gimme-aws-creds", "leapp", "teller", "doppler", "vault"],
];

/** Programs that start another. */
const WRAPPERS = [
  "env",
  "sudo",
  "nice",
  "timeout",
  "docker",
  "podman",
  "nix",
  "nix-shell",
  "mise",
  "asdf",
  "direnv",
];

const INTERPRETERS = ["python", "python3", "node", "ruby", "perl", "go", "uv", "npx"];

const SCRIPT = /\.(?:sh|bash|zsh|py|rb|pl|js|ps1)$/i;

/** The fields of a user entry without `exec` that are credentials. Source: plugin/KUBECTL.md, "Exec block". */
const STATIC_FIELDS: Readonly<Record<string, string>> = {
  token: "a token",
  tokenFile: "a token file",
  "client-certificate": "a client certificate",
  "client-certificate-data": "a client certificate",
  username: "a user name and password",
  "auth-provider": "an auth-provider",
};

/** Describes a user entry that gets its tokens neither from us nor from a program we know. Its arguments are not repeated. */
export function unknownUser(user: KubeRecord): UnknownUser {
  const stanza = execStanza(user);
  if (stanza === undefined) return withoutExec(user);
  const { program: by, args } = stanza;
  const command = isRecord(user["exec"]) ? String(user["exec"]["command"]) : by;
  if (CREDENTIAL_WRAPPERS.includes(by))
    return { by, reason: `it runs ${by}, which itself decides whose credentials sign the token` };
  if (SHELLS.includes(by)) {
    const isInline = args.some((word) => /^(?:-[a-z]*c|-command|-encodedcommand|\/c)$/i.test(word));
    const what = isInline ? `a shell command line (${by} -c)` : `a script with ${by}`;
    return { by, reason: `it runs ${what}, so its identity is unknown` };
  }
  if (WRAPPERS.includes(by) || INTERPRETERS.includes(by))
    return { by, reason: `it runs another program through ${by}, so its identity is unknown` };
  if (["aws", "aws-iam-authenticator", "vouch"].includes(by))
    return { by, reason: `it runs ${by}, but not in a way known to request an EKS token` };
  if (SCRIPT.test(command) || /[\\/]/.test(command))
    return {
      by,
      reason: `it runs ${command}, a program unknown to kubectl-vouch, so its identity is unknown`,
    };
  return {
    by,
    reason: `it runs ${by}, but only entries that run aws, aws-iam-authenticator or vouch can be switched`,
  };
}

function withoutExec(user: KubeRecord): UnknownUser {
  const [field] = Object.keys(STATIC_FIELDS).filter((name) => name in user);
  return field === undefined
    ? { by: "nothing", reason: "it does not have credentials" }
    : { by: field, reason: `it has ${STATIC_FIELDS[field]} and does not run a program` };
}
