import { aws, kubectl } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { type Description, defineRule, doesNotApply, found, passed } from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import { matchInError, type QuotedMatch } from "../../derive/failure/error-sources.ts";
import type { ExecBlock } from "../../derive/kubeconfig/exec-block.ts";
import { isClusterName } from "../../derive/target/target-cluster.ts";
import { documentOf, forYou } from "../../fixes/fix.ts";
import { regenerateEntry } from "../../fixes/regenerate-context.ts";
import { sentences } from "../shared/error-rule.ts";
import { suspectedCredentials } from "../shared/suspected.ts";

/** Messages of the AWS CLI (versions 1 and 2) and others for arguments that they do not understand. */
const USAGE =
  /^usage: aws|the following arguments are required|argument \S+: expected|unrecognized arguments|Unknown options|Invalid choice|Either parameter --cluster-name or --cluster-id must be specified/im;

/**
 * Messages for a region that is missing or cannot be one. Source: botocore, exceptions.py (NoRegionError, InvalidRegionError);
 * aws-sdk-go-v2, aws/middleware; aws-sdk-go, aws/endpoints; aws-sdk-js-v3, config-resolver; aws-sdk-java-v2, regions.
 */
const NO_REGION =
  /You must specify a region|Provided region_name '[^']*' doesn't match a supported format|Invalid endpoint: https:\/\/(?:sts|eks)\.\S|\b(?:[Mm]issing [Rr]egion\b|MissingRegion: )|\bRegion is missing\b|Unable to (?:load|find a) region (?:from any of|via) the/;

/** Exit code of the AWS CLI 2 for invalid arguments. Source: doctor/AWS-CREDENTIALS.md, "AWS CLI". */
const USAGE_EXIT = 252;

/** Not confirmed in the field, therefore *likely* at most. */
export const pluginArguments = defineRule({
  cause: {
    id: "K17",
    what: "The exec block's arguments are wrong: a stray argument, no region, or an ID or a token in place of the cluster name.",
    seen: "exit code 252 with a usage text; You must specify a region; or 401",
    remedy: "Recreate the entry with kubectl vouch setup eks.",
    isUnconfirmed: true,
  },
  expects: "the plugin accepts the exec block's arguments",
  check(_, seen) {
    const isEarly = seen.failsBeforeRequest || seen.symptom?.kind === "aws-refused";
    const region = isEarly ? regionError(seen) : undefined;
    if (region !== undefined)
      return found({ confidence: "likely", describe: (facts) => describeRegion(facts, region) });
    if (!seen.canCause401 && !seen.failsBeforeRequest)
      return doesNotApply("the call reached the API server and did not return 401");
    const isWrong = seen.exec !== undefined && argumentFaults(seen.exec).length > 0;
    if (!isWrong && (!seen.failsBeforeRequest || usageError(seen) === undefined)) return passed;
    return found({
      ...(isWrong ? { confidence: "likely" } : { confidence: "possible", inferred: true }),
      describe: (facts) => describe(facts, facts.failsBeforeRequest ? usageError(facts) : undefined),
    });
  },
  suspected: {
    credentials: suspectedCredentials(["K17", "K16", "L21"], {
      summary:
        "The exec block passes wrong arguments, or the plugin is broken or too old for the AWS profile.",
      confirmedBy: sentence`${kubectl("config view", { minify: true })} shows the exec block's command; run manually, it prints a usage message or a traceback.`,
    }),
  },
});

interface UsageError {
  readonly exitCode: number | undefined;
  readonly words: QuotedMatch | undefined;
}

/** The plugin's error for its arguments. */
function usageError(seen: Facts): UsageError | undefined {
  const { exitCode = exitCodeOf(seen.symptom), stderr } = seen.pluginRun ?? {};
  const words =
    matchInError(exitCode === 0 ? undefined : stderr, USAGE) ?? matchInError(seen.pastedError, USAGE);
  return exitCode === USAGE_EXIT || words !== undefined ? { exitCode, words } : undefined;
}

function regionError({ pluginRun, pastedError }: Facts): QuotedMatch | undefined {
  return (
    matchInError(pluginRun?.exitCode === 0 ? undefined : pluginRun?.stderr, NO_REGION) ??
    matchInError(pastedError, NO_REGION)
  );
}

function exitCodeOf(symptom: Facts["symptom"]): number | undefined {
  return symptom?.kind === "plugin-failed" ? symptom.exitCode : undefined;
}

function argumentFaults({ args, tool, clusterName, clusterId }: ExecBlock): string[] {
  if (tool === "other") return [];
  const name = clusterName ?? clusterId;
  return sentences(
    name === undefined
      ? tool !== "aws-iam-authenticator" && "The exec block does not specify a cluster."
      : nameFault(name),
    args.some((arg) => arg.trim() === "") && "An argument in the exec block is empty.",
  );
}

function nameFault(name: string): string | undefined {
  if (name.startsWith("k8s-aws-v1.")) return "The exec block has a token in place of the cluster name.";
  return isClusterName(name)
    ? undefined
    : `The exec block specifies cluster ${JSON.stringify(name)}, which is not a valid cluster name.`;
}

function describeRegion(facts: Facts, { line, match: [words] }: QuotedMatch): Description {
  const isWrong = /^(?:Provided|Invalid)/.test(words);
  return {
    summary: isWrong
      ? "The region that the failed program uses is not an AWS region."
      : "The AWS region is not set: not as an argument, in AWS_REGION or in the AWS profile.",
    evidence: [
      `The program printed: “${line}”`,
      facts.exec && `users[].user.exec.args is ${JSON.stringify(facts.exec.args.map(masked))}.`,
    ],
    falsifiedBy: sentence`${aws("configure list")}, run where the program runs, shows the cluster's region.`,
    fixes: regenerateEntry(facts, "Write the cluster's region into the kubeconfig."),
  };
}

/**
 * AWS CLIs before 1.16.156 do not have `aws eks get-token`; access entries came with 2.15.3 and botocore 1.34.3. Source: aws-cli,
 * CHANGELOG.rst, 1.16.156; botocore, CHANGELOG.rst, 1.34.3.
 */
const TOO_OLD = /argument operation: Invalid choice/;

function describeOld(words: QuotedMatch): Description {
  return {
    summary:
      "The AWS CLI is too old: get-token requires version 1.16.156, and access entries require 2.15.3.",
    evidence: [`The AWS CLI printed: “${words.line}”`],
    falsifiedBy: sentence`${aws("--version")}, run where the client runs, prints the required version or a later one.`,
    fixes: [
      forYou(
        "Install AWS CLI version 2.",
        documentOf("https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html"),
      ),
    ],
  };
}

function describe(facts: Facts, usage: UsageError | undefined): Description {
  const { exec } = facts;
  if (usage?.words !== undefined && TOO_OLD.test(usage.words.line)) return describeOld(usage.words);
  const [fault, ...others] = exec === undefined ? [] : argumentFaults(exec);
  return {
    summary: fault ?? `${exec?.program ?? "The plugin"} rejects the exec block's arguments.`,
    evidence: [
      ...others,
      exec && `users[].user.exec.args is ${JSON.stringify(exec.args.map(masked))}.`,
      usage?.exitCode !== undefined && `The plugin exited with status ${usage.exitCode}.`,
      usage?.words && `The plugin printed: “${usage.words.line}”`,
    ],
    falsifiedBy:
      "The plugin, run manually with these arguments, prints a token that STS accepts for the cluster name.",
    fixes: regenerateEntry(facts, "Recreate the entry."),
  };
}

/** A token in the wrong place is still a token. */
function masked(arg: string): string {
  return arg.replace(/k8s-aws-v1\.[\w-]*/, "k8s-aws-v1.***");
}
