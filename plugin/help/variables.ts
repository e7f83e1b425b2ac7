/** An environment variable, or several with the same meaning. */
interface Variable {
  readonly names: readonly string[];
  readonly meaning: string;
}

/**
 * Variables that a user sets, in the order of help and manual. All that the program reads, and what it does with them below
 * kubectl, is in token/SECURITY.md.
 */
export const VARIABLES: readonly Variable[] = [
  { names: ["VOUCH_SERVER"], meaning: "Address of the Vouch server; `--server` overrides it." },
  {
    names: ["VOUCH_DEBUG"],
    meaning:
      "Any value but 0 and false: log every step to standard error, as `--debug` does; also when run by kubectl.",
  },
  {
    names: ["VOUCH_CA_BUNDLE", "AWS_CA_BUNDLE"],
    meaning:
      "PEM file of additional CAs to trust: for the Vouch server, and for AWS. `login` and `setup` record it.",
  },
  {
    names: ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL_EKS", "AWS_ENDPOINT_URL_IAM"],
    meaning: "Custom AWS endpoints. `login` and `setup` record them.",
  },
  {
    names: ["AWS_ENDPOINT_URL_SSO", "AWS_ENDPOINT_URL_SSO_OIDC", "AWS_ENDPOINT_URL_SIGNIN"],
    meaning: "Custom endpoints for Identity Center and AWS Sign-In; only addresses on this machine.",
  },
  {
    names: ["AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION"],
    meaning: "Default profile and region.",
  },
  {
    names: ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"],
    meaning: "Files with the AWS profiles, as in the AWS CLI.",
  },
  {
    names: ["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"],
    meaning: "`true`: use AWS endpoints of that kind.",
  },
  {
    names: ["KUBECONFIG"],
    meaning: "Kubeconfig files, as kubectl reads them; `--kubeconfig` overrides it.",
  },
  {
    names: ["KUBERC"],
    meaning: "File with kubectl's preferences, which restrict the plugins that it can run.",
  },
  {
    names: ["HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"],
    meaning: "Proxies, as in curl and kubectl; lower case works as well.",
  },
  {
    names: ["XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"],
    meaning: "Absolute directories that replace `~/.config`, `~/.local/state` and `~/.local/share`.",
  },
  {
    names: ["NO_COLOR", "FORCE_COLOR", "TERM"],
    meaning: "Color: NO_COLOR and TERM=dumb disable it, FORCE_COLOR enables it; `--color` overrides them.",
  },
];
