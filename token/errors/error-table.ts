import type { ErrorSpec } from "./error-spec.ts";
import { EXIT } from "./exit-status.ts";
import { SECURITY_KEY_ERRORS } from "./security-key-errors.ts";
import { SOURCE_ERRORS } from "./source-errors.ts";
import { SSO_ERRORS } from "./sso-errors.ts";

/** Every failure we expect: the program's exit status, and what to do next. */
export const ERRORS = {
  usage: { exit: EXIT.usage, hint: "Run `kubectl vouch --help` to see what is accepted." },
  interrupted: { exit: EXIT.interrupted, hint: "Run the command again when you are ready." },

  "logged-out": { exit: EXIT.logIn, hint: "Run `kubectl vouch login` and touch your security key." },
  "session-expired": { exit: EXIT.logIn, hint: "Run `kubectl vouch login` and touch your security key." },
  "session-refused": { exit: EXIT.logIn, hint: "Run `kubectl vouch login` and touch your security key." },
  "step-up-required": {
    exit: EXIT.stepUp,
    hint: "Run `kubectl vouch login --force`, then repeat the command.",
  },

  ...SECURITY_KEY_ERRORS,

  "server-unreachable": {
    exit: EXIT.network,
    hint: "Check the address and your network, then run the command again.",
  },
  "server-untrusted": {
    exit: EXIT.network,
    hint: "If your company has its own certificate authority, name its PEM file in VOUCH_CA_BUNDLE and log in with it: `kubectl vouch login`.",
  },
  "server-failed": { exit: EXIT.network, hint: "Wait a minute and run the command again." },
  "server-answer-invalid": {
    exit: EXIT.network,
    hint: "Check that the address is that of a Vouch server: `kubectl vouch config view --show-origin`.",
  },
  "rate-limited": { exit: EXIT.rateLimited, hint: "Wait a minute and run the command again." },
  "aws-unreachable": {
    exit: EXIT.network,
    hint: "Check your network and proxy (HTTPS_PROXY, NO_PROXY), then run the command again.",
  },
  "aws-untrusted": {
    exit: EXIT.network,
    hint: "If your company has its own certificate authority, name its PEM file in AWS_CA_BUNDLE and log in with it: `kubectl vouch login`.",
  },
  "aws-failed": { exit: EXIT.network, hint: "Wait a minute and run the command again." },
  "aws-throttled": { exit: EXIT.rateLimited, hint: "Wait a minute and run the command again." },
  "clock-skewed": {
    exit: EXIT.configuration,
    hint: "Set the clock, for instance with `timedatectl set-ntp true`.",
  },

  "permission-denied": { exit: EXIT.permission, hint: "Ask your administrator." },
  "hardware-required": {
    exit: EXIT.permission,
    hint: "Run `kubectl vouch login` and touch your security key.",
  },
  "login-refused": {
    exit: EXIT.permission,
    hint: "Check that this key is registered at this server: `kubectl vouch enroll`.",
  },
  "enrolment-expired": { exit: EXIT.general, hint: "Run `kubectl vouch enroll` again and approve it." },
  "key-unknown": { exit: EXIT.general, hint: "List your keys: `kubectl vouch keys`." },
  "client-refused": {
    exit: EXIT.permission,
    hint: "Run `kubectl vouch login` again; it registers this machine again.",
  },
  "role-not-trusted": {
    exit: EXIT.permission,
    hint: "Ask an IAM administrator to let the role trust the Vouch server.",
  },
  "role-denied": {
    exit: EXIT.permission,
    hint: "Ask an IAM administrator to allow sts:AssumeRole on this role.",
  },
  "aws-denied": { exit: EXIT.permission, hint: "Ask an IAM administrator to allow this action." },
  "aws-credentials-ending": {
    exit: EXIT.logIn,
    hint: "Renew them at their source, then run the command again.",
  },
  "aws-credentials-refused": {
    exit: EXIT.permission,
    hint: "Run `kubectl vouch cache clear`, then the command again.",
  },

  "program-missing": {
    exit: EXIT.configuration,
    hint: 'Install it: `kubectl krew install vouch`. If it is installed, put krew on your PATH: `export PATH="$HOME/.krew/bin:$PATH"`',
  },
  "config-invalid": { exit: EXIT.configuration, hint: "See `kubectl vouch config view --show-origin`." },
  "server-url-invalid": {
    exit: EXIT.configuration,
    hint: "Give an https address: `kubectl vouch login --server https://us.vouch.sh`.",
  },
  "rp-id-mismatch": {
    exit: EXIT.configuration,
    hint: "Log in to the address your key was enrolled at. If it is right, tell your administrator: this may be an attack.",
  },
  "key-store-failed": {
    exit: EXIT.configuration,
    hint: "Use files instead of the keyring: `kubectl vouch login --key-store file`.",
  },
  "directory-unsafe": {
    exit: EXIT.configuration,
    hint: "Make the directory yours alone: `chmod 700` it, or remove it.",
  },
  "file-unreadable": { exit: EXIT.configuration, hint: "Check the file's owner and mode." },
  "file-unwritable": {
    exit: EXIT.configuration,
    hint: "Check the folder's owner and mode, and that the disk is not full.",
  },
  "file-locked": {
    exit: EXIT.configuration,
    hint: "If no other kubectl is writing, remove the lock file and run the command again.",
  },
  "file-foreign": {
    exit: EXIT.configuration,
    hint: "Look at the file. If nobody needs it, move it away and run the command again.",
  },
  "file-changed": { exit: EXIT.configuration, hint: "Run the command again." },
  "too-many-open-files": {
    exit: EXIT.configuration,
    hint: "Raise the limit with `ulimit -n 1024`, or end programs that hold many files open.",
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
    hint: "Name a context of an EKS cluster: `kubectl config get-contexts`.",
  },
  "undo-impossible": {
    exit: EXIT.configuration,
    hint: "Remove the entry by hand: `kubectl config delete-context NAME`.",
  },
  "aws-config-invalid": {
    exit: EXIT.configuration,
    hint: "Correct the file, then check it with `aws configure list-profiles`.",
  },
  "aws-not-configured": {
    exit: EXIT.configuration,
    hint: "Run `kubectl vouch setup aws --role arn:aws:iam::ACCOUNT:role/NAME`.",
  },
  "profile-missing": {
    exit: EXIT.configuration,
    hint: "List the profiles with `aws configure list-profiles`.",
  },
  "profile-empty": {
    exit: EXIT.configuration,
    hint: "See what the profile says, and where: `aws configure list --profile NAME`.",
  },
  "profile-invalid": {
    exit: EXIT.configuration,
    hint: "See what the profile says, and where: `aws configure list --profile NAME`.",
  },
  ...SSO_ERRORS,
  "aws-variables-invalid": {
    exit: EXIT.configuration,
    hint: "See what is set: `env | cut -d= -f1 | grep ^AWS_`.",
  },
  ...SOURCE_ERRORS,
  "role-ambiguous": { exit: EXIT.configuration, hint: "Name one with `--role ARN` or `--profile NAME`." },
  "role-arn-invalid": { exit: EXIT.configuration, hint: "Give a role as arn:aws:iam::ACCOUNT:role/NAME." },
  "region-missing": {
    exit: EXIT.configuration,
    hint: "Name it with `--region`, for instance `--region eu-west-1`.",
  },
  "region-invalid": { exit: EXIT.configuration, hint: "Give a region such as eu-west-1." },
  "partition-mismatch": { exit: EXIT.configuration, hint: "Use a role and a region of the same partition." },
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
  "token-invalid": { exit: EXIT.general, hint: "Give the whole token; it begins with k8s-aws-v1." },
  "exec-info-invalid": {
    exit: EXIT.configuration,
    hint: "Run `kubectl vouch setup eks --cluster NAME` to rewrite the kubeconfig entry.",
  },
  "exec-command-refused": {
    exit: EXIT.usage,
    hint: "Run it in a shell of your own. If KUBERNETES_EXEC_INFO is set there: `unset KUBERNETES_EXEC_INFO`.",
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
    hint: "Run `unset NODE_DEBUG`. Our own log has no secrets: add --debug to the command.",
  },
  "evidence-invalid": {
    exit: EXIT.configuration,
    hint: "Compare it with the example in doctor/EVIDENCE.md, or gather it again with `kubectl vouch doctor --save FILE`.",
  },
  internal: { exit: EXIT.bug, hint: "Report it with the command and this text." },
} as const satisfies Record<string, ErrorSpec>;
