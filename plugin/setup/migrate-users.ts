import { describeSource } from "../../token/kubeconfig/context-source.ts";
import { vouchStanza } from "../../token/kubeconfig/exec-stanza.ts";
import type { KubeRecord } from "../../token/kubeconfig/kubeconfig-document.ts";
import { isRecord } from "../../token/record.ts";
import { clusterArn, type EksEntry, INSTALL_HINT, userBody } from "./eks-entry.ts";
import type { KubeconfigDraft } from "./kubeconfig-draft.ts";
import { foreignEksUser } from "./kubeconfig-users.ts";
import { compareIdentity, type ForeignEksUser, type ShellAws } from "./migration-identity.ts";
import { unknownUser } from "./unknown-users.ts";
import { asksFor, clusterObstacle, type UserPlace, userPlace } from "./user-place.ts";

/** What `--migrate` did with one user entry of a cluster. */
export interface Migration {
  readonly user: string;
  /** All that name the user. */
  readonly contexts: readonly string[];
  readonly clusterArn: string;
  /** Without the values of its variables, which may be secret. Of a program that we do not know, only its name. */
  readonly was: Omit<ForeignEksUser, "env" | "unknownFlag"> | { readonly by: string };
  readonly migrated: boolean;
  /** Why it was left as it is, or why it may become us; the end of a sentence that begins with the user. */
  readonly reason: string;
  /** Contexts that could be pointed to the entries of ours instead, should the person want that. */
  readonly replaceable: readonly string[];
}

/** What becomes of one entry. */
type Decision = Pick<Migration, "was" | "migrated" | "reason" | "replaceable">;

/**
 * Lets the user entries of a cluster that use another program use us instead: same names, same contexts, other `exec`.
 * One that is another role, or may be, is left alone: nobody becomes somebody else. None is passed over in silence: the
 * result has every entry that this cluster is called with, but for our own.
 */
export function migrateUsers(draft: KubeconfigDraft, entry: EksEntry, aws: ShellAws): Migration[] {
  return draft.names("users").flatMap((user) => {
    const body = draft.entry("users", user)?.body ?? {};
    if (vouchStanza(body)?.by === "kubectl-vouch") return [];
    const place = userPlace(draft, user, entry);
    const foreign = foreignEksUser(body);
    const isMeant = foreign === undefined ? asksFor(body, entry) : isNamed(foreign, entry);
    if (place.here.length === 0 && !isMeant) return [];
    const decision = decide(draft, { body, foreign, place, entry, aws });
    if (decision.migrated) draft.put("users", user, migratedBody(entry, body));
    return [{ user, contexts: place.contexts, clusterArn: clusterArn(entry), ...decision }];
  });
}

function isNamed({ clusterName, region }: ForeignEksUser, entry: EksEntry): boolean {
  return clusterName === entry.clusterName && region === entry.region;
}

interface UserCase {
  readonly body: KubeRecord;
  readonly foreign: ForeignEksUser | undefined;
  readonly place: UserPlace;
  readonly entry: EksEntry;
  readonly aws: ShellAws;
}

function decide(draft: KubeconfigDraft, { body, foreign, place, entry, aws }: UserCase): Decision {
  if (foreign === undefined) {
    const { by, reason } = unknownUser(body);
    return { was: { by }, migrated: false, reason, replaceable: place.here };
  }
  const { env: _env, unknownFlag: _flag, ...was } = foreign;
  const stays = (reason: string, replaceable: readonly string[] = []) => ({
    ...{ was, migrated: false, reason, replaceable },
  });
  const [other] = place.elsewhere;
  if (other !== undefined) {
    const calls = `its context ${other.context} calls ${other.server}`;
    return stays(
      place.here.length > 0 ? `${calls} too` : `${calls}, and the API server is ${entry.endpoint}`,
    );
  }
  const { clusterName, source } = entry;
  const { isSame, reason } =
    source.kind === "vouch"
      ? compareIdentity(foreign, { clusterName, source }, aws)
      : { isSame: false, reason: `it is not by ${describeSource(source)}` };
  if (!isSame) return stays(reason);
  const obstacle = clusterObstacle(draft, place.here, entry);
  return obstacle === undefined
    ? { was, migrated: true, reason, replaceable: [] }
    : stays(obstacle, place.here);
}

/** What the other program needs and would mislead us or a reader: its profile, and how to install it. */
const THEIR_VARIABLES = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_STS_REGIONAL_ENDPOINTS"];

function migratedBody(entry: EksEntry, body: KubeRecord): KubeRecord {
  const { installHint: _theirs, env, ...exec } = isRecord(body["exec"]) ? body["exec"] : {};
  const kept = (Array.isArray(env) ? env : []).filter(
    (item) => !(isRecord(item) && THEIR_VARIABLES.includes(String(item["name"]))),
  );
  const cleaned = { ...exec, ...(kept.length === 0 ? {} : { env: kept }), installHint: INSTALL_HINT };
  return userBody(entry, { ...body, exec: cleaned });
}
