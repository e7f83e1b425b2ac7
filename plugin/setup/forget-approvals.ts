import { isDeepStrictEqual } from "node:util";
import type { ProfileName } from "../../token/aws/sources/profile-record.ts";
import type { App } from "../app.ts";
import { profileNameOf, settledProfile, settleProfile } from "../aws/settle-profile.ts";
import { contextsIn, type VouchContext } from "../vouch/vouch-contexts.ts";
import { kubeconfigsWritten } from "./setup-journal.ts";
import { setupPlace } from "./setup-report.ts";

/**
 * Takes back what a person let AWS profiles run that had a context of ours before and have none now, here or in any kubeconfig
 * that setup wrote. Hosts and authorities stay: a login settles them, too. Throws what stands in the way.
 */
export async function forgetLostApprovals(
  app: App,
  before: readonly VouchContext[],
  now: readonly VouchContext[],
): Promise<void> {
  const lost = without(namesOf(app, before), namesOf(app, now)).flatMap((name) => {
    const record = settledProfile(app, name);
    return record?.process === undefined ? [] : [{ name, record }];
  });
  if (lost.length === 0) return;
  const elsewhere = contextsElsewhere(app);
  if (elsewhere === undefined) return;
  const used = namesOf(app, elsewhere);
  for (const { name, record } of lost) {
    if (without([name], used).length > 0) await settleProfile(app, name, { ...record, process: undefined });
  }
}

/** Those of all kubeconfigs that setup wrote; undefined where one of them cannot be read. */
function contextsElsewhere(app: App): VouchContext[] | undefined {
  const found = kubeconfigsWritten(setupPlace(app).stateDir).map((file) => contextsIn([file]));
  return found.every((contexts) => contexts !== undefined) ? found.flat() : undefined;
}

function namesOf(app: App, contexts: readonly VouchContext[]): ProfileName[] {
  return contexts.flatMap(({ stanza: { source } }) =>
    source.kind === "vouch" ? [] : [profileNameOf(source, app)],
  );
}

function without(names: readonly ProfileName[], others: readonly ProfileName[]): ProfileName[] {
  return names.filter((name) => !others.some((other) => isDeepStrictEqual(name, other)));
}
