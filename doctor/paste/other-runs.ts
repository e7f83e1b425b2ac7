import type { Question } from "../evidence/evidence.ts";
import type { Found } from "./found.ts";
import type { Candidate } from "./question.ts";

/** A command next to the failure that is diagnosed, and what came of it. */
interface OtherRun {
  readonly command: string | undefined;
  readonly candidate: Candidate | undefined;
  /** Whether its output is an answer. */
  readonly hasAnswer: boolean;
}

/** Commands that change who can do what in EKS. Source: AWS CLI Command Reference, eks; eksctl.io, "IAM". */
const CHANGES =
  /^(?:\w+=\S* )*(?:aws\s.*\beks\s+(?:(?:create|update|delete)-access-entry|(?:dis)?associate-access-policy|update-cluster-config)\b|eksctl\s+(?:create|update|delete)\s+(?:accessentry|iamidentitymapping|podidentityassociation)\b)/;

/** What a command says that is not the failure itself: that a fix was tried, or that the same call works in another way. */
export function otherRun({ command, candidate, hasAnswer }: OtherRun, failure: Question): Found[] {
  if (command === undefined) return [];
  const { stderr = "", exitCode } = candidate?.question ?? {};
  if (CHANGES.test(command)) {
    if (stderr !== "") return [{ part: "fixAttempts", value: [{ command, stderr }] }];
    return hasAnswer ? [{ part: "fixAttempts", value: [{ command, exitCode: 0 }] }] : [];
  }
  const isOtherWay =
    command !== failure.command && withoutVariables(command) === withoutVariables(failure.command);
  if (failure.exitCode === 0 || exitCode !== 0 || !isOtherWay) return [];
  return [{ part: "otherObservations", value: [{ differs: command, command, exitCode }] }];
}

/** A command without the variables in front of it. */
function withoutVariables(command = ""): string {
  return command.replace(/^(?:\w+=\S* )+/, "");
}
