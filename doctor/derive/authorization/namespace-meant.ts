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

/** The namespace that the command names, otherwise that of the context. */
export function namespaceOfCommand({ question, context }: CommandCase): string | undefined {
  const words = commandWords(question?.command ?? "");
  return isForAllNamespaces(words) ? undefined : (typedNamespace(words) ?? context?.namespace);
}

/** The namespace that a typed command names, unless only its shell knows it, as of `-n $NS`. */
export function typedNamespace(words: readonly string[]): string | undefined {
  const name = namespaceFlag(words);
  return name !== undefined && /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name) ? name : undefined;
}
