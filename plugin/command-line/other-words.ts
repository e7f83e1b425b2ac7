/** Words of other tools by the command that does the same here; NAME is filled in where it is known. By the group of commands. */
export const OTHER_COMMANDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "": {
    login: "signin, sign-in, log-in, auth, auth login, sso, sso login, refresh, renew, unlock",
    logout: "signout, sign-out, log-out, logoff, sso logout, lock",
    enroll: "register",
    keys: "fido, yubikey, security-keys",
    "keys add": "add-key",
    whoami: "who, me, id, identity, sts get-caller-identity, get-caller-identity",
    status: "list, ls, contexts, get-contexts, session, sessions, info, show",
    "setup eks --cluster NAME":
      "update-kubeconfig, eks update-kubeconfig, eks setup, eks, kubeconfig, init, connect, add, context, kube",
    "setup eks --all --dry-run":
      "clusters, cluster, list-clusters, eks list-clusters, get-clusters, get clusters",
    "setup eks --undo": "remove, rm, undo, restore",
    "credential eks --cluster-name NAME": "get-token, eks get-token, credentials, exec-credential",
    "exec --profile NAME -- COMMAND": "assume, env, export, shell, run, with",
    doctor: "test, check, diagnose, diagnostics, debug, why, fix, verify, troubleshoot, can-i, auth can-i",
    "config list": "settings, configuration, options, get settings",
    "cache clear": "clear, clean, flush",
    "completion install": "completions, autocomplete",
    "explain CODE": "codes, error, errors, causes",
  },
  setup: {
    "eks --cluster NAME": "kubeconfig, cluster, context, update-kubeconfig, kube",
    aws: "profile, credentials",
  },
  config: {
    list: "get, ls, show, print",
    set: "change, add, edit",
    unset: "delete, remove, rm, reset",
    view: "contexts, kubeconfig",
  },
  cache: { clear: "purge, delete, remove, rm, reset, flush, empty", list: "show, get, view" },
  keys: { remove: "delete, rm, unregister, revoke", add: "register, new, create, enroll", list: "show, get" },
  token: { explain: "decode, inspect, show, verify, view, read" },
  credential: { aws: "process, credential-process, profile", eks: "kubectl, get-token, token, cluster" },
  completion: { powershell: "pwsh, ps", uninstall: "remove", install: "setup, add" },
};

/** What to do instead of a word for which there is no command; the commands in it are not ours. By the group of commands. */
export const OTHER_HELP: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "": {
    "`kubectl config use-context NAME` switches contexts.": "use, use-context, switch, ctx, select, current",
    "kubectl-vouch does not open the AWS console.": "console, open, web, browser",
    "`aws configure sso` creates an AWS profile.": "configure, configure sso, sso configure",
    "`aws configure list-profiles` lists the AWS profiles.": "profiles, list-profiles, profile",
    "`kubectl krew upgrade vouch` or `npm install --global kubectl-vouch` updates it.":
      "upgrade, update, self-update, selfupdate",
    "`kubectl krew uninstall vouch` or `npm uninstall --global kubectl-vouch` removes it.": "uninstall",
    "It is installed. The first command is `kubectl vouch setup eks --cluster NAME`.":
      "install, plugin install",
    "Any command with --debug logs every step to stderr.": "log, trace, verbose",
  },
  completion: {
    "Completion is available for bash, zsh, fish and PowerShell.":
      "tcsh, csh, ksh, nushell, nu, elvish, sh, dash",
  },
};

/** Commands of kubectl, which users type after our name. */
export const KUBECTL_COMMANDS =
  "get, describe, apply, create, delete, edit, logs, scale, rollout, top, port-forward, cp, drain, cordon, patch, label, annotate, attach, api-resources, cluster-info, expose, replace, wait";

/** Options of other tools by the options that mean the same here; the first that the command has counts. */
export const OTHER_OPTIONS: Readonly<Record<string, string>> = {
  cluster: "name, cluster-name, eks-cluster, c",
  "cluster-name": "name, cluster, eks-cluster",
  "context-name": "alias, rename, as, context-alias",
  context: "ctx, kube-context, kubecontext, cluster, cluster-name, name, c, profile, role, region",
  role: "role-arn, role-name, assume-role, assume-role-arn, iam-role",
  profile: "aws-profile, sso-profile, sso-session, sso, browser, role, role-arn, p",
  region: "aws-region, r",
  regions: "all-regions, aws-regions",
  namespace: "ns",
  evidence: "case, file, f, input, bundle",
  kubeconfig: "kube-config, kubeconfig-path, config, file, f",
  server: "url, endpoint, host, vouch-server, address",
  account: "email, user, account-id",
  use: "set-current, current, switch, activate, set-context, use-context",
  "dry-run": "preview, what-if, whatif, plan, n",
  all: "all-clusters, everything",
  "all-contexts": "all, all-clusters, A",
  complete: "merge",
  error: "message, msg, stderr, e",
  "device-code": "device, use-device-code, no-browser, no-launch-browser, headless, remote",
  force: "f, relogin, refresh, again",
  "pin-stdin": "password-stdin, stdin",
  output: "format, json, yaml, output-format, f",
  yes: "y, assume-yes, auto-approve, force",
  fix: "apply, repair, auto-fix",
  undo: "revert, rollback, restore, remove, delete",
  verbose: "details, all-details, V",
  debug: "verbose, v, vv, trace, log-level, loglevel",
  color: "colour, no-colour, no-color, colors",
  version: "V, Version",
};
