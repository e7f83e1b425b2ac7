/** An answer that the API server returns only after it has authorized the call, and who can change what it rejects. */
interface AnsweredCall {
  /** The line that shows it. */
  readonly line: string;
  /** A sentence without its period; undefined where the answer itself says it. */
  readonly owner: string | undefined;
}

/** Source: doctor/EKS-ACCESS.md, "Kinds of refusal"; kubernetes/kubernetes, plugin/pkg/admission; kubelet, server. */
const ANSWERS: readonly (readonly [RegExp, string?])[] = [
  [/exceeded quota: [\w.-]+/, "A ResourceQuota limits the namespace; a namespace admin can raise it"],
  [/violates PodSecurity "/, "Pod Security admission rejects it because of the namespace's labels"],
  [/admission webhook "[^"]{1,253}" denied the request/, "The webhook's owner decides what it accepts"],
  [/failed calling webhook "[^"]{1,253}"/, "The admission webhook does not respond; its owner must fix it"],
  [
    /ValidatingAdmissionPolicy '[^']{1,253}'.{0,300} denied request/,
    "The policy's owner decides what it accepts",
  ],
  [/(?:maximum|minimum) \S{1,60} usage per (?:Container|Pod)/, "A LimitRange in the namespace limits it"],
  [/because it is being terminated/, "The namespace is being deleted"],
  [/no PriorityClass with name/, "The PriorityClass does not exist"],
  [
    /the server is currently unable to handle the request/,
    "An aggregated API does not respond, or the API server is overloaded; `kubectl get apiservices` shows which",
  ],
  [/the server has received too many requests/, "The API server throttles requests; try again later"],
  [
    /unable to upgrade connection: Unauthorized|error dialing backend: /,
    "The node rejects the API server's connection, or the API server cannot reach it; the owner of the nodes must fix that",
  ],
  [
    /Error from server \((?:NotFound\): \S+ "[^"]*" not found|(?:AlreadyExists|Conflict|Invalid|BadRequest)\))/,
  ],
  [/the server doesn't have a resource type "|no matches for kind "/],
];

/**
 * client-go's message for a 400 that does not come from Kubernetes. Source: kubernetes/apimachinery, pkg/api/errors/errors.go,
 * `NewGenericServerResponse`.
 */
const UNKNOWN_REASON = "the server rejected our request for an unknown reason";

/** Finds such an answer in an error; undefined if there is none. */
export function answeredCall(text: string): AnsweredCall | undefined {
  for (const line of text.split("\n")) {
    if (line.includes(UNKNOWN_REASON)) continue;
    const found = ANSWERS.find(([answer]) => answer.test(line));
    if (found !== undefined) return { line: line.trim(), owner: found[1] };
  }
  return undefined;
}
