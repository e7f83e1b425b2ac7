import { type ErrorSpec, EXIT } from "./exit-status.ts";
import { SECURITY_KEY_ERRORS } from "./security-key-errors.ts";

/** Every failure we expect: the program's exit status, and what to do next. */
export const ERRORS = {
  usage: { exit: EXIT.usage, hint: "Run `kubectl vouch --help` for usage." },
  interrupted: { exit: EXIT.interrupted, hint: "Run the command again when you are ready." },

  "logged-out": { exit: EXIT.logIn, hint: "Run `kubectl vouch login` and touch your security key." },
  "session-expired": { exit: EXIT.logIn, hint: "Run `kubectl vouch login` and touch your security key." },
  "session-refused": { exit: EXIT.logIn, hint: "Run `kubectl vouch login` and touch your security key." },
  "step-up-required": {
    exit: EXIT.stepUp,
    hint: "Run `kubectl vouch login --force` and try again.",
  },

  ...SECURITY_KEY_ERRORS,

  "server-unreachable": {
    exit: EXIT.network,
    hint: "Check the address and your network, then try again.",
  },
  "server-untrusted": {
    exit: EXIT.network,
    hint: "If your company has its own CA, set VOUCH_CA_BUNDLE to its PEM file and log in: `kubectl vouch login`.",
  },
  "server-failed": { exit: EXIT.network, hint: "Wait a minute and try again." },
  "server-answer-invalid": {
    exit: EXIT.network,
    hint: "Check that this is the address of a Vouch server: `kubectl vouch config view --show-origin`.",
  },
  "rate-limited": { exit: EXIT.rateLimited, hint: "Wait a minute and try again." },
  "aws-unreachable": {
    exit: EXIT.network,
    hint: "Check your network and proxy (HTTPS_PROXY, NO_PROXY), then try again.",
  },
  "aws-untrusted": {
    exit: EXIT.network,
    hint: "If your company has its own CA, set AWS_CA_BUNDLE to its PEM file and log in: `kubectl vouch login`.",
  },
  "aws-failed": { exit: EXIT.network, hint: "Wait a minute and try again." },
  "aws-throttled": { exit: EXIT.rateLimited, hint: "Wait a minute and try again." },
  "clock-skewed": {
    exit: EXIT.configuration,
    hint: "Set the clock, for example with `timedatectl set-ntp true`.",
  },

  "permission-denied": { exit: EXIT.permission, hint: "Ask your administrator." },
  "hardware-required": {
    exit: EXIT.permission,
    hint: "Run `kubectl vouch login` and touch your security key.",
  },
  "login-refused": {
    exit: EXIT.permission,
    hint: "Use a key that is registered with this server, or register this one: `kubectl vouch enroll`.",
  },
  "enrolment-expired": { exit: EXIT.general, hint: "Run `kubectl vouch enroll` again and approve it." },
  "key-unknown": { exit: EXIT.general, hint: "List your keys: `kubectl vouch keys`." },
  "client-refused": {
    exit: EXIT.permission,
    hint: "Run `kubectl vouch login` again to re-register this machine.",
  },
  "change-unconfirmed": {
    exit: EXIT.permission,
    hint: "Run the command in a terminal, or set VOUCH_CONFIRM to the cluster's name for this one command.",
  },
  "role-not-trusted": {
    exit: EXIT.permission,
    hint: "Ask an IAM administrator to allow the Vouch server in the role's trust policy.",
  },
  "role-denied": {
    exit: EXIT.permission,
    hint: "Ask an IAM administrator to allow sts:AssumeRole on this role.",
  },
  "aws-denied": { exit: EXIT.permission, hint: "Ask an IAM administrator to allow this action." },
  "aws-credentials-ending": {
    exit: EXIT.logIn,
    hint: "Renew them at their source, then try again.",
  },
  "aws-credentials-refused": {
    exit: EXIT.permission,
    hint: "Run `kubectl vouch cache clear` and try again.",
  },

  "program-missing": {
    exit: EXIT.configuration,
    hint: 'Install it: `kubectl krew install vouch`. If it is already installed, add krew to your PATH: `export PATH="$HOME/.krew/bin:$PATH"`',
  },
  "config-invalid": { exit: EXIT.configuration, hint: "See `kubectl vouch config view --show-origin`." },
  "server-url-invalid": {
    exit: EXIT.configuration,
    hint: "Use an https address: `kubectl vouch login --server https://us.vouch.sh`.",
  },
  "rp-id-mismatch": {
    exit: EXIT.configuration,
    hint: "Log in to the address at which you enrolled your key. If this is that address, tell your administrator: it could be an attack.",
  },
  "key-store-failed": {
    exit: EXIT.configuration,
    hint: "Use files instead of the keyring: `kubectl vouch login --key-store file`.",
  },
  "directory-unsafe": {
    exit: EXIT.configuration,
    hint: "Make the directory accessible only to you (`chmod 700`), or remove it.",
  },
  "file-unreadable": { exit: EXIT.configuration, hint: "Check the file's owner and mode." },
  "file-unwritable": {
    exit: EXIT.configuration,
    hint: "Check the folder's owner and mode, and that the disk is not full.",
  },
  "file-locked": {
    exit: EXIT.configuration,
    hint: "If no other kubectl is writing, remove the lock file and try again.",
  },
  "file-foreign": {
    exit: EXIT.configuration,
    hint: "Check the file. If it is not needed, move it away and try again.",
  },
  "file-changed": { exit: EXIT.configuration, hint: "Try again." },
  "too-many-open-files": {
    exit: EXIT.configuration,
    hint: "Raise the limit with `ulimit -n 1024`, or close programs that have many files open.",
  },
  "kubeconfig-invalid": {
    exit: EXIT.configuration,
    hint: "Correct the file, then check it with `kubectl config view`.",
  },
  "context-missing": {
    exit: EXIT.configuration,
    hint: "List the contexts with `kubectl config get-contexts`.",
  },
  "context-not-eks": {
    exit: EXIT.configuration,
    hint: "Specify a context of an EKS cluster: `kubectl config get-contexts`.",
  },
  "undo-impossible": {
    exit: EXIT.configuration,
    hint: "Remove the entry manually: `kubectl config delete-context NAME`.",
  },
  "aws-config-invalid": {
    exit: EXIT.configuration,
    hint: "Correct the file, then check it with `kubectl vouch setup eks --list`.",
  },
  "aws-not-configured": {
    exit: EXIT.configuration,
    hint: "Run `kubectl vouch setup aws --role arn:aws:iam::ACCOUNT:role/NAME`.",
  },
  "profile-missing": {
    exit: EXIT.configuration,
    hint: "List the profiles with their clusters: `kubectl vouch setup eks --list`.",
  },
  "profile-empty": {
    exit: EXIT.configuration,
    hint: "Check the profile's settings and their sources: `aws configure list --profile NAME`.",
  },
  "profile-invalid": {
    exit: EXIT.configuration,
    hint: "Check the profile's settings and their sources: `aws configure list --profile NAME`.",
  },
  // Failures of sessions of IAM Identity Center.
  "sso-logged-out": { exit: EXIT.logIn, hint: "Run `kubectl vouch login --profile NAME`." },
  "sso-session-expired": { exit: EXIT.logIn, hint: "Run `kubectl vouch login --profile NAME`." },
  "sso-role-denied": {
    exit: EXIT.permission,
    hint: "Ask an IAM Identity Center admin to assign it to you, or log in as a different user: `kubectl vouch login --profile NAME --force`.",
  },
  "sso-login-refused": {
    exit: EXIT.permission,
    hint: "Run `kubectl vouch login --profile NAME` again and approve it in the browser.",
  },
  "sso-login-unanswered": {
    exit: EXIT.general,
    hint: "Run `kubectl vouch login --profile NAME` again and approve it in the browser.",
  },
  "profile-needs-no-login": {
    exit: EXIT.configuration,
    hint: "Check the profile's settings and their sources: `aws configure list --profile NAME`.",
  },
  "aws-variables-invalid": {
    exit: EXIT.configuration,
    hint: "List the variables that are set: `env | cut -d= -f1 | grep ^AWS_`.",
  },
  // Failures of what gives AWS credentials: keys, roles, processes, token files, containers and machines.
  "aws-keys-expired": {
    exit: EXIT.logIn,
    hint: "Fetch new keys with the program that wrote these, then try again.",
  },
  "aws-login-needed": { exit: EXIT.logIn, hint: "Log in: `aws login --profile NAME`." },
  "mfa-code-needed": {
    exit: EXIT.stepUp,
    hint: "Enter the code in a terminal: `kubectl vouch login --profile NAME`.",
  },
  "mfa-code-wrong": {
    exit: EXIT.stepUp,
    hint: "Wait for the next code and enter that one: `kubectl vouch login --profile NAME`.",
  },
  "credential-process-failed": {
    exit: EXIT.general,
    hint: "Run the program of the profile's credential_process yourself: `aws configure get credential_process --profile NAME`.",
  },
  "credential-process-unapproved": {
    exit: EXIT.configuration,
    hint: "Check it, then approve it: `kubectl vouch setup eks --cluster NAME --profile NAME`.",
  },
  "credential-process-refused": {
    exit: EXIT.configuration,
    hint: "Make the program and the file that configures it writable only by you and root (check: `ls -l ~/.aws/config`).",
  },
  "web-identity-token-missing": {
    exit: EXIT.configuration,
    hint: "Check that the file is mounted or written by the program responsible for it: `env | grep WEB_IDENTITY`.",
  },
  "container-address-refused": {
    exit: EXIT.configuration,
    hint: "Set the variables to the values that the container received: `env | cut -d= -f1 | grep AWS_CONTAINER_`.",
  },
  "container-credentials-failed": {
    exit: EXIT.network,
    hint: "Check that the container has a role and that its agent is running: `env | cut -d= -f1 | grep AWS_CONTAINER_`.",
  },
  "instance-metadata-failed": {
    exit: EXIT.network,
    hint: "Check that the machine has a role: `aws ec2 describe-instances --instance-ids ID`.",
  },
  "role-ambiguous": { exit: EXIT.configuration, hint: "Specify one with `--role ARN` or `--profile NAME`." },
  "role-arn-invalid": { exit: EXIT.configuration, hint: "Specify a role as arn:aws:iam::ACCOUNT:role/NAME." },
  "region-missing": {
    exit: EXIT.configuration,
    hint: "Specify it with `--region`, for example `--region eu-west-1`.",
  },
  "region-invalid": { exit: EXIT.configuration, hint: "Specify a region such as eu-west-1." },
  "partition-mismatch": { exit: EXIT.configuration, hint: "Use a role and a region in the same partition." },
  "cluster-name-invalid": {
    exit: EXIT.configuration,
    hint: "List the clusters with `aws eks list-clusters`.",
  },
  "cluster-not-found": { exit: EXIT.configuration, hint: "List the clusters with `aws eks list-clusters`." },
  "cluster-not-ready": {
    exit: EXIT.configuration,
    hint: "Wait until the cluster is ACTIVE: `aws eks wait cluster-active --name CLUSTER`.",
  },
  "token-too-long": {
    exit: EXIT.configuration,
    hint: "Ask an IAM administrator to shorten the session: fewer session tags, no inline session policy.",
  },
  "token-invalid": { exit: EXIT.general, hint: "Provide the whole token; it starts with k8s-aws-v1." },
  "exec-info-invalid": {
    exit: EXIT.configuration,
    hint: "Run `kubectl vouch setup eks --cluster NAME` to rewrite the kubeconfig entry.",
  },
  "exec-command-refused": {
    exit: EXIT.usage,
    hint: "Run it in a shell, not as a credential plugin.",
  },
  "cluster-mismatch": {
    exit: EXIT.configuration,
    hint: "Record the cluster again: `kubectl vouch setup eks --cluster NAME`.",
  },
  "tls-check-disabled": {
    exit: EXIT.configuration,
    hint: "Remove NODE_TLS_REJECT_UNAUTHORIZED from the environment.",
  },
  "node-debug-set": {
    exit: EXIT.configuration,
    hint: "Remove NODE_DEBUG from the environment. For a log without secrets, add --debug to the command.",
  },
  "evidence-invalid": {
    exit: EXIT.configuration,
    hint: "Compare it with the example in doctor/EVIDENCE.md, or collect it again with `kubectl vouch doctor --save FILE`.",
  },
  internal: { exit: EXIT.bug, hint: "Report it, including the command and this text." },
} as const satisfies Record<string, ErrorSpec>;
