import { isSameAttempt } from "../../derive/authorization/access-reviews.ts";
import { saidByCall } from "../../derive/failure/error-sources.ts";
import { symptomInWords } from "../../derive/failure/symptom-words.ts";
import {
  type AccessRequest,
  type AccessReviewJson,
  type DoctorEvidence,
  knownValue,
} from "../../evidence/evidence.ts";
import type { CalledContext } from "../called-context.ts";
import type { Asking, Probes } from "../probe.ts";
import { contextCall } from "./context-call.ts";
import type { KubeCalls } from "./kube-calls.ts";

export const KUBERNETES_PROBES = {
  /** Who the caller is to the API server. */
  selfSubjectReview: {
    needs: ["apiServer"],
    doing: "checking your Kubernetes identity",
    ask: async (asking) => {
      const asked = await readKube(asking);
      return asked?.kube.whoami();
    },
  },
  /** Whether the attempt is allowed, and similar requests. */
  accessReviews: {
    needs: ["apiServer"],
    doing: "checking your Kubernetes permissions",
    ask: async (asking) => {
      const asked = await readKube(asking);
      if (asked === undefined) return undefined;
      const { kube, call, impersonated } = asked;
      const attempt = attempted(asking.evidence);
      const namespace = attempt?.namespace ?? call.context.namespace ?? "default";
      const own = Promise.all(reviewQuestions(attempt, namespace).map((question) => kube.mayI(question)));
      return [...(await own), ...(attempt === undefined ? [] : await impersonated(attempt))];
    },
  },
  /** aws-auth, if the caller is allowed to read it. */
  awsAuth: {
    needs: ["apiServer"],
    doing: "reading aws-auth",
    ask: async (asking) => (await readKube(asking))?.kube.awsAuth(),
  },
  namespaces: {
    needs: ["apiServer"],
    doing: "listing namespaces",
    ask: async (asking) => (await readKube(asking))?.kube.namespaces(),
  },
  /** All roles and bindings. They are many, so they are read only if something is not allowed. */
  rbac: {
    needs: ["accessReviews"],
    doing: "reading roles and bindings",
    ask: async (asking) => {
      const attempt = attempted(asking.evidence);
      const reviews = knownValue(asking.evidence.accessReviews) ?? [];
      const isRefused = attempt !== undefined && reviews[0]?.status.allowed === false;
      const isForSomebody = asking.evidence.question?.principal !== undefined;
      if (!isRefused && !isForSomebody && refusedInWords(asking.evidence) === undefined) return undefined;
      return (await readKube(asking))?.kube.rbac();
    },
  },
} satisfies Probes;

/**
 * The attempt first, then requests that distinguish the causes of its denial: any name, the whole cluster, related verbs, what
 * Helm stores its releases in. Without an attempt, what users usually do first.
 */
export function reviewQuestions(attempt: AccessRequest | undefined, namespace: string): AccessRequest[] {
  const pods = { group: "", resource: "pods" };
  const usual: readonly AccessRequest[] = [
    { verb: "list", ...pods, namespace },
    { verb: "list", ...pods },
    { verb: "list", group: "", resource: "secrets", namespace },
    { verb: "list", group: "", resource: "namespaces" },
    { verb: "list", group: "", resource: "nodes" },
  ];
  const questions = attempt === undefined ? usual : [attempt, ...neighbors(attempt, namespace), ...usual];
  return questions.filter(
    (question, index) => questions.findIndex((earlier) => isSameAttempt(earlier, question)) === index,
  );
}

function neighbors(attempt: AccessRequest, namespace: string): AccessRequest[] {
  if (attempt.path !== undefined) return [];
  const { name: _name, ...unnamed } = attempt;
  const { namespace: _namespace, ...everywhere } = unnamed;
  const verbs = ["get", "list", "create", "update", "delete"].map((verb) => ({ ...unnamed, verb }));
  const elsewhere =
    attempt.namespace === undefined
      ? []
      : [namespace, "default"].map((other) => ({ ...unnamed, namespace: other }));
  return [unnamed, everywhere, ...verbs, ...elsewhere];
}

/** What was tried: the text of a refusal takes precedence over the question. */
function attempted(evidence: DoctorEvidence): AccessRequest | undefined {
  return refusedInWords(evidence) ?? evidence.question?.attempt;
}

function refusedInWords(evidence: DoctorEvidence): AccessRequest | undefined {
  const symptom = symptomInWords(saidByCall(evidence) ?? "");
  return symptom.kind === "forbidden" ? symptom.attempt : undefined;
}

interface KubeAsked {
  readonly kube: KubeCalls;
  readonly call: CalledContext;
  /** Whether the user that the context impersonates is allowed this; empty without such a user, or if the caller cannot impersonate. */
  readonly impersonated: (attempt: AccessRequest) => Promise<readonly AccessReviewJson[]>;
}

/** Undefined if there is no cluster to call. Throws if the API server does not accept the caller. */
async function readKube(asking: Asking): Promise<KubeAsked | undefined> {
  const asked = contextCall(asking);
  if (asked === undefined) return undefined;
  const { call, impersonation, ...own } = asked;
  const status = knownValue(asking.evidence.apiServer)?.status;
  if (status === undefined) throw new Error("the API server did not answer");
  if (status === 401) throw new Error("the API server does not accept the caller (401)");
  const { kubeCalls } = await import("./kube-calls.ts");
  const access = { ...own, signal: asking.signal };
  const as = impersonation["Impersonate-User"];
  return {
    call,
    kube: kubeCalls(access),
    async impersonated(attempt) {
      if (typeof as !== "string" || status !== 200) return [];
      const review = await kubeCalls({ ...access, headers: { ...own.headers, ...impersonation } }).mayI(
        attempt,
      );
      return [{ ...review, as }];
    },
  };
}
