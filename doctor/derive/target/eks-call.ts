import { partitionOfRegion } from "../../../token/hot/partition.ts";
import { lazy } from "../../evidence/reads.ts";
import type { FailureCase } from "../failure/symptom.ts";
import { commandWords, flagValue } from "../kubeconfig/command-words.ts";
import { plainText } from "../pasted-text.ts";
import { type EksTarget, likelyTarget, type TargetCase, targetCluster } from "./target-cluster.ts";

/** A call of the EKS API, as reported by the AWS CLI, eksctl or Terraform. */
export interface EksCall {
  /** The error, in one line. */
  readonly words: string;
  /** The cluster that the command names. */
  readonly cluster: string | undefined;
  /** `CreateAccessEntry` */
  readonly operation: string | undefined;
  readonly principalArn: string | undefined;
  readonly groups: readonly string[];
}

/**
 * The EKS call that failed, from the error and the command. Undefined if nothing was pasted, or if the call works: then it ended
 * with 0.
 */
export function eksCall(facts: FailureCase): EksCall | undefined {
  const { question } = facts.evidence;
  const text = question?.stderr ?? "";
  if (text.trim() === "" || (question?.exitCode === 0 && facts.symptom?.kind === "none")) return undefined;
  return readCall(question?.command ?? "", text);
}

/** A command that was run to fix the problem. */
export interface FixCall extends EksCall {
  readonly command: string;
  readonly worked: boolean;
}

/** What was run to fix the problem in this cluster, and either worked or printed an error. */
export function triedFixes(facts: TargetCase): FixCall[] {
  const attempts = facts.evidence.fixAttempts ?? [];
  const calls = attempts.flatMap(({ command, exitCode, stderr = "" }) => {
    const worked = exitCode === 0;
    return worked || stderr.trim() !== "" ? [{ ...readCall(command, stderr), command, worked }] : [];
  });
  return calls.filter(({ cluster }) => {
    const name = cluster === undefined ? undefined : targetCluster(facts).name;
    return name === undefined || name === cluster;
  });
}

/** What was run to fix the problem, and failed. */
export function failedFixes(facts: TargetCase): FixCall[] {
  return triedFixes(facts).filter(({ worked }) => !worked);
}

function readCall(line: string, said: string): EksCall {
  const words = plainText(said);
  const command = commandWords(line);
  const [, cli, go] = /calling the (\w+) operation|operation error EKS: (\w+)/.exec(words) ?? [];
  return {
    words,
    cluster: isEksCommand(command) ? clusterFlag(command) : undefined,
    operation: cli ?? go ?? operationOf(command),
    principalArn:
      flagValue(command, "--principal-arn", "--arn") ??
      /\([\w-]+[:#](arn:[a-z-]+:iam::\d{12}:[^()\s#]+)[)#]/.exec(words)?.[1],
    groups: groupsIn(command),
  };
}

/** The cluster that the failing command names, otherwise the one of the context; unknown values in capitals. */
export function commandTarget(facts: TargetCase): EksTarget {
  const { evidence } = facts;
  const command = commandWords(evidence.question?.command ?? "");
  const isEks = isEksCommand(command);
  const ofTerraform = () =>
    /\(([\w-]+)[:#]arn:[a-z-]+:iam::/.exec(plainText(evidence.question?.stderr ?? ""))?.[1];
  const name = isEks ? clusterFlag(command) : ofTerraform();
  const region = isEks ? flagValue(command, "--region") : undefined;
  const likely = likelyTarget(facts);
  const target: EksTarget = lazy<EksTarget>({
    cluster: () => name ?? likely.name ?? "CLUSTER",
    region: () => region ?? likely.region ?? "REGION",
    partition: () =>
      (region === undefined ? targetCluster(facts).partition : undefined) ??
      partitionOfRegion(target.region).id,
  });
  return target;
}

function isEksCommand(command: readonly string[]): boolean {
  return command[0] === "eksctl" || (command[0] === "aws" && command.includes("eks"));
}

function clusterFlag(command: readonly string[]): string | undefined {
  return flagValue(command, "--cluster-name", "--cluster", "--name");
}

/** `aws eks create-access-entry …` calls CreateAccessEntry. */
function operationOf(command: readonly string[]): string | undefined {
  const name = command[0] === "aws" ? command[command.indexOf("eks") + 1] : undefined;
  if (name === undefined || !command.includes("eks") || !/^[a-z]+(?:-[a-z]+)+$/.test(name)) return undefined;
  return name.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** The AWS CLI accepts several words after one flag. */
function groupsIn(command: readonly string[]): string[] {
  const start = command.indexOf("--kubernetes-groups");
  if (start < 0) return [];
  const rest = command.slice(start + 1);
  const end = rest.findIndex((word) => word.startsWith("--"));
  return end < 0 ? rest : rest.slice(0, end);
}
