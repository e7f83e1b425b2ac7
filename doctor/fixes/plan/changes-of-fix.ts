import type { Run } from "../../../token/command/command.ts";
import { isRecord } from "../../../token/record.ts";
import { yamlDocuments, yamlValue } from "../../../token/text/yaml.ts";
import type { EksTarget } from "../../derive/target/target-cluster.ts";
import { wholeTexts } from "../../eks/aws-auth/aws-auth.ts";
import { editsBetween } from "../../eks/aws-auth/aws-auth-edit.ts";
import type { DoctorEvidence, RbacObjectJson } from "../../evidence/evidence.ts";
import { RBAC_KINDS } from "../../evidence/schema/kubernetes-shapes.ts";
import type { Action, Fix } from "../fix.ts";
import type { Change } from "./change.ts";
import { stateOf } from "./cluster-state.ts";

/** A case: its evidence, and the cluster that its fixes are for. */
interface Case {
  readonly evidence: DoctorEvidence;
  readonly target: EksTarget;
}

/** What a fix changes; one change by hand if a part of it cannot be merged with changes of other cases. */
export function changesOf(fix: Fix, given: Case): readonly Change[] {
  const { actions = [] } = fix;
  const document = actions
    .flatMap((action) => (action.kind === "document" ? [action.text] : []))
    .join("---\n");
  const changes = actions.map((action) => changesOfAction(action, { ...given, document }));
  const known = changes.flatMap((one) => one ?? []);
  const isDocumentUsed = known.some(({ kind }) => kind === "apply-manifest" || kind === "edit-aws-auth");
  const isWhole = changes.every((one) => one !== undefined) && (document === "" || isDocumentUsed);
  return isWhole && known.length > 0 ? known : [{ kind: "by-hand", fix }];
}

interface Context extends Case {
  /** The texts of the fix. */
  readonly document: string;
}

/** None for what only looks; undefined for what is not understood here. */
function changesOfAction(action: Action, context: Context): readonly Change[] | undefined {
  switch (action.kind) {
    case "set-authentication-mode":
    case "create-access-entry":
    case "associate-access-policy":
    case "create-binding":
      return [action];
    case "delete-access-entry":
      return [{ ...action, recorded: stateOf([context.evidence]).entry(action.principalArn) ?? undefined }];
    case "document":
      return [];
    case "write-file":
      return action.run.verb.join(" ") === "get configmap" ? [] : undefined;
    case "run":
      return changesOfRun(action, context);
    default:
      return undefined;
  }
}

function changesOfRun(run: Run, context: Context): readonly Change[] | undefined {
  const { options, operands } = run;
  switch ([run.program, ...run.verb].join(" ")) {
    // A plan has checks of its own.
    case "aws eks describe-access-entry":
    case "aws eks list-associated-access-policies":
      return [];
    case "aws eks update-access-entry": {
      const { "principal-arn": principalArn, "kubernetes-groups": groups = [], username } = options;
      if (typeof principalArn !== "string" || typeof username !== "string") return undefined;
      const listed = Array.isArray(groups) ? groups : [];
      return [{ kind: "set-groups", target: context.target, principalArn, groups: listed, username }];
    }
    case "kubectl create namespace":
    case "kubectl create role":
    case "kubectl create clusterrole":
      return [{ kind: "create-object", run }];
    case "kubectl patch configmap":
      return operands[0] === "aws-auth" ? patched(run, context) : undefined;
    case "kubectl apply":
      return applied(String(options["f"]), context.document);
    default:
      return undefined;
  }
}

/** The dry run before the change itself changes nothing. Undefined if only the spelling changes, which no edit expresses. */
function patched({ options }: Run, { evidence }: Context): readonly Change[] | undefined {
  if (options["dry-run"] !== undefined) return [];
  const { data } = JSON.parse(String(options["patch"])) as { readonly data: Record<string, string | null> };
  const edits = editsBetween(wholeTexts(evidence), data);
  return edits.length === 0 ? undefined : [{ kind: "edit-aws-auth", edits }];
}

function applied(file: string, document: string): readonly Change[] | undefined {
  const objects = yamlDocuments(document).map((one) => yamlValue(one));
  if (objects.length > 0 && objects.every(isRbacObject)) return [{ kind: "apply-manifest", file, objects }];
  const [only] = objects;
  if (objects.length !== 1 || !isRecord(only) || only["kind"] !== "ConfigMap" || !isRecord(only["data"]))
    return undefined;
  const data = Object.entries(only["data"]).map(([key, text]) => [key, String(text)] as const);
  return [{ kind: "edit-aws-auth", edits: editsBetween({}, Object.fromEntries(data)) }];
}

/** Our own manifest: its shape is known. */
function isRbacObject(value: unknown): value is RbacObjectJson {
  return isRecord(value) && RBAC_KINDS.some((kind) => kind === value["kind"]);
}
