import type { AccessRequest, Question } from "../../evidence/evidence.ts";
import { commandWords } from "../kubeconfig/command-words.ts";
import { isForAllNamespaces, namespaceFlag } from "./access-request.ts";

interface CommandCase {
  readonly question: Question | undefined;
  readonly context: { readonly namespace: string | undefined } | undefined;
}

/** The namespace of the attempt; if nothing says what was attempted, that of the command. */
export function namespaceMeant(
  facts: CommandCase & { readonly attempt: AccessRequest | undefined },
): string | undefined {
  return facts.attempt === undefined ? namespaceOfCommand(facts) : facts.attempt.namespace;
}

/** The namespace that the command names, else that of the context. */
export function namespaceOfCommand({ question, context }: CommandCase): string | undefined {
  const words = commandWords(question?.command ?? "");
  return isForAllNamespaces(words) ? undefined : (namespaceFlag(words) ?? context?.namespace);
}
