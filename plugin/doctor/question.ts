import {
  type AccessRequest,
  attemptFault,
  commandWords,
  isForAllNamespaces,
  namespaceFlag,
  parseAttempt,
  principalOfArn,
  type Question,
} from "../../doctor/doctor.ts";
import { typed } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { VouchError } from "../../token/errors/errors.ts";
import { namedKubeconfig } from "../../token/kubeconfig/kubeconfig-files.ts";
import { nearestWord } from "../nearest-word.ts";
import { isKubectl } from "./called-client.ts";
import type { AskedOptions } from "./doctor-options.ts";

/** What a failing call printed; also the call and its exit code, if it was run for the question. */
export interface CommandResult {
  readonly command?: string;
  readonly exitCode?: number;
  readonly stderr: string;
}

/**
 * The question that the command line asks. If it describes no call, the question is what people ask first: whether the pods of
 * the namespace may be listed. `contextNamespace` is that of the context; undefined if the evidence has its own question.
 * Throws `usage` for what cannot be read.
 */
export function questionOf(
  options: AskedOptions,
  {
    outcome,
    contextNamespace,
  }: { readonly outcome: CommandResult | undefined; readonly contextNamespace: string | undefined },
): Question {
  const { context, principal, allNamespaces } = options;
  const kubeconfigFile = namedKubeconfig(options.kubeconfig);
  const namespace = allNamespaces ? undefined : options.namespace;
  if (principal !== undefined && principalOfArn(principal) === undefined) {
    throw new VouchError("usage", `${principal} is not the ARN of an IAM role or user.`, {
      hint: "Example: arn:aws:iam::111122223333:role/NAME.",
    });
  }
  requireAttempt(options);
  const inNamespace = namespace ?? (outcome === undefined ? contextNamespace : undefined);
  const attempt =
    options.for !== undefined
      ? readAttempt(options.for, allNamespaces ? undefined : (namespace ?? contextNamespace))
      : allNamespaces
        ? LIST_PODS
        : inNamespace === undefined
          ? undefined
          : { ...LIST_PODS, namespace: inNamespace };
  return {
    ...(outcome ?? {}),
    ...(context === undefined ? {} : { context }),
    ...(kubeconfigFile === undefined ? {} : { kubeconfigFile }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(attempt === undefined ? {} : { attempt }),
    ...(principal === undefined ? {} : { principal }),
  };
}

const LIST_PODS: AccessRequest = { verb: "list", group: "", resource: "pods" };

const WRITE_IT = 'Examples: `--for "list deployments.apps -n web"`, `--for "get pods/web-0 -n web"`.';

function readAttempt(text: string, namespace: string | undefined): AccessRequest {
  const fault = attemptFault(text);
  if (fault?.verbs !== undefined) throw noVerb(text, fault.why, fault.verbs);
  if (fault?.meant !== undefined) {
    const again = typed(["kubectl", "vouch", "doctor", "--for", fault.meant]);
    throw new VouchError("usage", `${fault.why}.`, { hint: withCommands`Did you mean ${again}?` });
  }
  if (fault !== undefined) throw new VouchError("usage", `${fault.why}.`, { hint: WRITE_IT });
  const attempt = parseAttempt(text, namespace);
  if (attempt !== undefined) return attempt;
  throw new VouchError("usage", `Cannot parse --for ${JSON.stringify(text)}.`, { hint: WRITE_IT });
}

function noVerb(text: string, why: string, verbs: readonly string[]): VouchError {
  const words = commandWords(text);
  const [verb = ""] = words;
  const nearest = nearestWord(verb, verbs);
  const command = typed([
    "kubectl",
    "vouch",
    "doctor",
    "--",
    ...(verb === "kubectl" ? words.slice(1) : words),
  ]);
  const hint = isKubectl(verb)
    ? withCommands`To run a command, put it after --: ${command}.`
    : `${nearest === undefined ? "" : `Did you mean ${nearest}? `}${WRITE_IT}`;
  const all = `${verbs.slice(0, -1).join(", ")} and ${verbs.at(-1)}`;
  return new VouchError("usage", `${why}. Verbs: ${all}.`, { hint });
}

/** Throws `usage` if `--for` cannot be understood, or names another namespace than `-n`. */
export function requireAttempt({ for: text, namespace, allNamespaces }: AskedOptions): void {
  if (text === undefined) return;
  readAttempt(text, undefined);
  const words = commandWords(text);
  const isForAll = isForAllNamespaces(words);
  const named = isForAll ? undefined : namespaceFlag(words);
  if (namespace === undefined || allNamespaces || (!isForAll && (named ?? namespace) === namespace)) return;
  const asked = named === undefined ? "all namespaces" : `namespace ${named}`;
  throw new VouchError("usage", `--for specifies ${asked}, but -n specifies ${namespace}.`, {
    hint: "Specify only one of them.",
  });
}
