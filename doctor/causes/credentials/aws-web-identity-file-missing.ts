import { sentence } from "../../../token/command/sentence.ts";
import { listFiles } from "../../../token/command/tasks.ts";
import { type Description, defineRule, found } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import type { CredentialError, CredentialErrors } from "../../derive/failure/error-sources.ts";
import { profileWith } from "../../derive/identity/credential-source.ts";
import { pluginVariable } from "../../derive/kubeconfig/plugin-environment.ts";
import { type Fix, forYou } from "../../fixes/fix.ts";
import { removeVariables } from "../../fixes/kubeconfig-commands.ts";
import { chooseProfile } from "../../fixes/profile-choice.ts";
import { sourceFile } from "../shared/aws-session-rule.ts";
import { errorConclusion, foundInFiles } from "../shared/error-rule.ts";

/** Our, Python's and Go's errors for a missing token file; Python's contains only the file. */
const MISSING =
  /\[web-identity-token-missing\]|No such file or directory: '([^']+)'|unable to read file at ([^\s\\]{1,300}?)(?::? |\\n|$)|failed fetching WebIdentity token/;

const EMPTY = /token file .{1,300} is empty\./;

export const awsWebIdentityFileMissing = defineRule({
  cause: {
    id: "L19",
    what: "The web identity token file is missing or empty.",
    seen: "No such file or directory: …, with the token file's path",
    remedy:
      "In a pod: associate a role with its service account and restart it. In CI: write the token to the file first.",
    page: "https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html",
  },
  expects: "the web identity token file exists and contains a token",
  needs: ["preAuthSeverity"],
  check({ preAuthSeverity: severity }, seen) {
    const error = seen.credentialErrors && tokenFileError(seen.credentialErrors, seen);
    if (error !== undefined) {
      const isEmpty = EMPTY.test(error.quote.line);
      const named = namedIn(error);
      return found(errorConclusion(error, (facts) => describe(facts, isEmpty ? "empty" : "missing", named)));
    }
    const isShown = () => stateOf(seen) !== undefined;
    return foundInFiles(seen, { severity, isShown, describe: (facts) => describe(facts, stateOf(facts)) });
  },
  refuted: (seen) => sourceFile(seen, "web-identity")?.state === "there",
});

/** What is wrong with the file, as seen by a probe or a user. */
function stateOf(facts: Facts): "missing" | "empty" | undefined {
  const { state } = sourceFile(facts, "web-identity") ?? {};
  if (state === "absent") return "missing";
  return state === "unreadable" ? "empty" : undefined;
}

function tokenFileError(errors: CredentialErrors, seen: Facts) {
  const error = errors.match(MISSING);
  const named = error && namedIn(error);
  const { path } = tokenFile(seen) ?? {};
  const isTokenFile = path === undefined ? MOUNTED.test(named ?? "") : named === path;
  return named === undefined || isTokenFile ? error : undefined;
}

/** Where a token is mounted. Source: amazon-eks-pod-identity-webhook, `pkg/handler`. */
const MOUNTED = /^\/var\/run\/secrets\/(?:\S+\/)?token$/;

/** The file in the message. */
function namedIn({ quote: { match } }: CredentialError): string | undefined {
  return match[1] ?? match[2];
}

/** The variable, unless `--profile` overrides it. */
function variableOf({ credentials, pluginEnvironment }: Facts) {
  const isPassedOver = credentials?.profile?.chosenBy === "--profile";
  return isPassedOver ? undefined : pluginVariable(pluginEnvironment, "AWS_WEB_IDENTITY_TOKEN_FILE");
}

/** The file set by the variable, otherwise by the profile. */
function tokenFile(facts: Facts) {
  const { credentials } = facts;
  const variable = variableOf(facts);
  if (variable !== undefined) return { path: variable.value, by: `${variable.name} in ${variable.place}` };
  const profile = profileWith(credentials, "web_identity_token_file");
  const path = profile?.settings["web_identity_token_file"];
  return path === undefined ? undefined : { path, by: `web_identity_token_file in profile ${profile?.name}` };
}

function describe(facts: Facts, state = "missing", named?: string): Description {
  const { path = "TOKEN_FILE", by } = tokenFile(facts) ?? { path: named };
  return {
    summary: `Web identity token file ${path}${by === undefined ? "" : ` (from ${by})`} is ${state}.`,
    evidence: [
      stateOf(facts) === "missing" && `${path} does not exist on this machine.`,
      stateOf(facts) === "empty" && `${path} does not contain a token, or cannot be read.`,
      facts.credentials && `Credential source: ${facts.credentials.why}.`,
    ],
    falsifiedBy: sentence`${listFiles(path)}, run where the plugin runs, shows a file that is not empty.`,
    fixes: [
      forYou(
        "In a pod, associate a role with its service account and restart the pod, so that the token is mounted. In CI, make the job write the token before it calls the cluster.",
        listFiles(path),
      ),
      elsewhere(facts),
    ],
  };
}

/** The variables take precedence over a profile, and therefore over any other profile as well. */
function elsewhere(facts: Facts): Fix {
  if (variableOf(facts) === undefined)
    return forYou("Or, elsewhere, use a profile with your own credentials.", ...chooseProfile(facts));
  return forYou(
    "Or, elsewhere, unset the variables, which take precedence over the profile.",
    removeVariables(facts, VARIABLES),
  );
}

const VARIABLES = ["AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME"];
