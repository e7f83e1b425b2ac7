import { defined } from "../../token/record.ts";
import { isTerraform } from "../derive/client/client-kind.ts";
import { symptomInWords } from "../derive/failure/symptom-words.ts";
import { commandWords } from "../derive/kubeconfig/command-words.ts";
import { abridged } from "../derive/pasted-text.ts";
import type { Client } from "../evidence/evidence.ts";

/** A refusal by AWS, as the AWS CLI words it. Source: botocore/exceptions.py, `ClientError.MSG_TEMPLATE`. */
const REFUSED = /An error occurred \(\w{1,80}\) when calling the \w{1,80} operation\b.*/;

/** How lines begin in which kubectl, helm, Terraform and the AWS CLI report an error. */
const COMPLAINT =
  /^(?:[Ee]rror\b|ERROR\b|E\d{4} |FATA|fatal|panic|Traceback|│ Error|Unable to |Could not |Connect timeout|Read timeout|SSL validation failed|aws: error|usage: |Unknown options|You must specify|The (?:config profile|SSO session|source profile|security token|request signature)|Token has expired|Your session has expired|Partial credentials|Missing the following|Invalid (?:endpoint|choice)|Profile .{1,128} (?:not found|does not exist)|\w{1,60}(?:Exception|Error|Denied|Entity)(?:: |$)|Unauthorized$|Forbidden$|HTTP [45]\d\d\b)/m;

/** Whether a text reports an error, so that what was asked for is not in it. */
export function isComplaint(text: string): boolean {
  const words = abridged(text);
  return REFUSED.test(words) || COMPLAINT.test(words) || symptomInWords(words).kind !== "other";
}

/** Whether an output says why there is no answer: an error or a sentence, and no table, list or single word. */
export function saysWhyNot(text: string): boolean {
  if (isComplaint(text)) return true;
  const lines = text.split("\n").map((line) => line.trim());
  const isTable = lines.some((line) => /\t|\S {2,}\S|^[|+]/.test(line));
  return !isTable && lines.some((line) => line.split(" ").length >= SHORTEST_SENTENCE);
}

const SHORTEST_SENTENCE = 3;

/** The line that says what is wrong: AWS's refusal, otherwise the first that begins like an error, otherwise the last. */
export function complaintIn(text: string): string {
  const lines = abridged(text).trimEnd().split("\n");
  const line =
    lines.find((one) => REFUSED.test(one)) ?? lines.find((one) => COMPLAINT.test(one)) ?? lines.at(-1);
  return (line ?? "").trim();
}

/** What only one client prints, or what stands in its files, with the client's name. The first that matches counts. */
const CLIENTS: readonly (readonly [RegExp, string])[] = [
  [/^[ \t]{0,8}[│╷]|\.tf line \d|\b(?:data|module)\.aws_eks_|\baws_eks_access_entry\./m, "terraform"],
  [/\bkubernetes[./]client[./]|\bload_kube_config\(|\/kubernetes\/config\//, "python"],
  [/\bio\.kubernetes\.client\b/, "java"],
  [/\bio\.fabric8\b/, "fabric8"],
  [/@kubernetes\/client-node|\bnew (?:k8s\.)?KubeConfig\(\)/, "javascript"],
  [/\bComparisonError\b|\bargocd-(?:application-controller|k8s-auth)\b|\bargocd (?:app|cluster) /, "argo cd"],
  [/##\[(?:error|group)\]|\bProcess completed with exit code \d|\baws-actions\//, "github actions"],
  [/\bk9s\b/i, "k9s"],
  [/\b(?:Open)?Lens\b/, "lens"],
  [/\b(?:IntelliJ|GoLand|PyCharm)\b/, "intellij"],
];

/** How a block of Terraform's configuration begins. */
const BLOCK =
  /^[ \t]{0,8}(?:provider|data|resource|module)[ \t]{1,4}"[\w-]{1,80}"[ \t]{0,4}(?:"[\w-]{1,80}"[ \t]{0,4})?\{/;

/** The client that a text shows by its words or by the command that failed; undefined if it is kubectl or nothing shows one. */
export function clientIn(text: string, command: string | undefined): Client | undefined {
  const words = abridged(text);
  const [program = ""] = commandWords(command ?? "");
  const configuration = terraformIn(words);
  if (isTerraform({ name: program }) || (command === undefined && configuration !== undefined))
    return defined({ name: "terraform", configuration });
  const [, name] = (command === undefined && CLIENTS.find(([pattern]) => pattern.test(words))) || [];
  return name === undefined ? undefined : { name };
}

/** From the first block to the end of the last one, as far as lines tell. */
function terraformIn(text: string): string | undefined {
  const lines = text.split("\n");
  const first = lines.findIndex((line) => BLOCK.test(line));
  if (first < 0) return undefined;
  const last = lines.findLastIndex((line) => /^[ \t]{0,8}\}/.test(line));
  return lines.slice(first, Math.max(first, last) + 1).join("\n");
}
