import { abridged } from "../derive/pasted-text.ts";
import type { Client } from "../evidence/evidence.ts";

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

/** The client that a text shows by its words, with Terraform's configuration; undefined if nothing shows one. */
export function clientIn(text: string): Client | undefined {
  const words = abridged(text);
  const configuration = terraformIn(words);
  if (configuration !== undefined) return { name: "terraform", configuration };
  const [, name] = CLIENTS.find(([pattern]) => pattern.test(words)) ?? [];
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
