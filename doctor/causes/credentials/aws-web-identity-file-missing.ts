import { run } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineRule } from "../../check/rule.ts";
import { type Description, found } from "../../check/verdict.ts";
import type { Facts } from "../../derive/facts.ts";
import type { CredentialError, CredentialErrors } from "../../derive/failure/error-sources.ts";
import { profileWith } from "../../derive/identity/aws-environment.ts";
import { pluginVariable } from "../../derive/kubeconfig/plugin-environment.ts";
import { type Fix, forYou } from "../../fixes/fix.ts";
import { chooseProfile } from "../../fixes/profile-choice.ts";
import { removeVariables } from "../../fixes/remove-variables.ts";
import { errorConclusion } from "../shared/error-rule.ts";
import { foundInFiles } from "../shared/found-in-files.ts";
import { sourceFile } from "../shared/source-file.ts";

/** Messages of ours, Python and Go for a missing token file; Python's names only the file. */
const MISSING =
  /\[web-identity-token-missing\]|No such file or directory: '([^']+)'|unable to read file at ([^\s\\]{1,300}?)(?::? |\\n|$)|failed fetching WebIdentity token/;

const EMPTY = /token file .{1,300} is empty\./;

export const awsWebIdentityFileMissing = defineRule({
  causes: [
    {
      id: "L19",
      what: "The file with the web identity token is missing or empty.",
      seen: "No such file or directory: …, with the path of the token file",
    },
  ],
  expects: "the file with the web identity token exists and has a token in it",
  needs: ["preAuthSeverity"],
  check({ preAuthSeverity: severity }, seen) {
    const error = seen.credentialErrors && tokenFileError(seen.credentialErrors, seen);
    if (error !== undefined) {
      const isEmpty = EMPTY.test(error.quote.line);
      const named = namedIn(error);
      return found(
        errorConclusion(error, (facts) => describe(facts, isEmpty ? "empty" : "not there", named)),
      );
    }
    const isShown = () => stateOf(seen) !== undefined;
    return foundInFiles(seen, { severity, isShown, describe: (facts) => describe(facts, stateOf(facts)) });
  },
  refuted: (seen) => sourceFile(seen, "web-identity")?.state === "there",
});

/** What is wrong with the file, as seen by a probe or a person. */
function stateOf(facts: Facts): "not there" | "empty" | undefined {
  const { state } = sourceFile(facts, "web-identity") ?? {};
  if (state === "absent") return "not there";
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

/** The file that the message names. */
function namedIn({ quote: { match } }: CredentialError): string | undefined {
  return match[1] ?? match[2];
}

/** The variable, unless `--profile` overrides it. */
function variableOf({ credentials, pluginEnvironment }: Facts) {
  const isPassedOver = credentials?.profile?.chosenBy === "--profile";
  return isPassedOver ? undefined : pluginVariable(pluginEnvironment, "AWS_WEB_IDENTITY_TOKEN_FILE");
}

/** The file that the variable names, else the profile. */
function tokenFile(facts: Facts) {
  const { credentials } = facts;
  const variable = variableOf(facts);
  if (variable !== undefined) return { path: variable.value, by: `${variable.name} in ${variable.place}` };
  const profile = profileWith(credentials, "web_identity_token_file");
  const path = profile?.settings["web_identity_token_file"];
  return path === undefined ? undefined : { path, by: `web_identity_token_file of profile ${profile?.name}` };
}

function describe(facts: Facts, state = "not there", named?: string): Description {
  const { path = "TOKEN_FILE", by = "Something" } = tokenFile(facts) ?? { path: named };
  return {
    summary: `${by} names the token file ${path}, which is ${state}.`,
    evidence: [
      stateOf(facts) === "not there" && `There is no file ${path} on this machine.`,
      stateOf(facts) === "empty" && `The file ${path} holds no token, or cannot be read.`,
      facts.credentials && `Where the credentials come from: ${facts.credentials.why}.`,
    ],
    falsifiedBy: sentence`${run("ls", "-l", {}, path)} shows a file that is not empty, where the plugin runs.`,
    fixes: [
      forYou(
        "In a pod, give its service account a role and start the pod again: the token is mounted then. In CI, let the job write the token before it calls the cluster.",
        run("ls", "-l", {}, path),
      ),
      elsewhere(facts),
    ],
  };
}

/** The variables take precedence over a profile, and therefore over any other profile as well. */
function elsewhere(facts: Facts): Fix {
  if (variableOf(facts) === undefined)
    return forYou("Or, elsewhere, name a profile with credentials of your own.", ...chooseProfile(facts));
  return forYou(
    "Or, elsewhere, remove the variables: they come before the profile.",
    removeVariables(facts, VARIABLES),
  );
}

const VARIABLES = ["AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME"];
