import type { BearerAccess } from "../../../token/aws/bearer-call.ts";
import { isOfOtherPlace } from "../../../token/aws/identity-center/access-token.ts";
import { placeName } from "../../../token/aws/identity-center/session-errors.ts";
import type { SsoPlace } from "../../../token/aws/sources/plan-kinds.ts";
import { readAwsFiles } from "../../../token/aws/sources/read-plan.ts";
import { type Options, ours, type Run } from "../../../token/command/command.ts";
import { withCommands } from "../../../token/command/sentence.ts";
import { debug } from "../../../token/debug.ts";
import { signedStsHost } from "../../../token/endpoints/aws-endpoint.ts";
import { type Hints, withHints } from "../../../token/errors/errors.ts";
import type { App } from "../../app.ts";
import { centerAccess } from "../../aws/ask-aws.ts";
import { authorityHint } from "../../aws/hints.ts";
import { everyRegion } from "../../cluster/aws-regions.ts";
import {
  type CenterPart,
  centerLine,
  personOf,
  requireCallbackPort,
  signInAtCenter,
  unlessOver,
  usableToken,
} from "../../login/center-login.ts";
import { settledLines } from "../../login/told-session.ts";
import { readAwsFilesNow } from "../../setup/aws-setup.ts";
import { assignedRoles, failuresOf } from "../../setup/center/assigned-roles.ts";
import { chooseSession, placeOfSession } from "../../setup/center/center-place.ts";
import { type AccountRoles, setUpCenter } from "../../setup/center/center-setup.ts";
import { commitChanges } from "../../setup/commit-changes.ts";
import { givenOptions } from "../../setup/setup-flags.ts";
import { commonExit, diffOf, setupPlace, writeProblems } from "../../setup/setup-report.ts";
import { canPick, pick } from "../../terminal/pick.ts";
import { withProgress } from "../../terminal/progress.ts";
import type { ColorChoice } from "../../terminal/style.ts";
import { applySettings } from "../../workplace/cache.ts";
import { Desk, endpointsNamedNow } from "../../workplace/workplace.ts";
import { OPTIONS, type SetupCenterOptions } from "./setup-aws.options.ts";
import { reportCenterSetup } from "./setup-center.report.ts";

/**
 * Writes an AWS profile for each role that IAM Identity Center assigns to the user. The exit status is 0, or that of the accounts
 * whose roles could not be listed.
 */
export async function runSetupCenter(
  options: SetupCenterOptions,
  { app, color }: { readonly app: App; readonly color: ColorChoice },
): Promise<number> {
  const { region, callbackPort, deviceCode } = options;
  requireCallbackPort(callbackPort, deviceCode);
  if (region !== undefined) signedStsHost(region, {});
  const desk = new Desk(app);
  const { files } = readAwsFiles(desk.aws);
  const wanted = {
    startUrl: options.ssoStartUrl,
    region: options.ssoRegion,
    askRegion: async () => (canPick(app) ? pickRegion(app, color) : undefined),
    withRegion: (ssoRegion: string) => again(options, { "sso-region": ssoRegion }),
  };
  const session = await chooseSession(files, wanted, app);
  debug(`sso-session ${session.name}: ${session.startUrl} in ${session.region}`);
  const endpoints = endpointsNamedNow(desk);
  const access = centerAccess(app, endpoints);
  const { part, accounts } = await withHints(
    () => hintsFor(options),
    findRoles(app, { ...placeOfSession(session, files), options, color }, access),
  );
  if (options.output === "text")
    app.io.err(
      [centerLine(app, part), ...(part.isNew ? settledLines(endpoints) : [])]
        .map((line) => `${line}\n`)
        .join(""),
    );

  const { profile: template, match } = options;
  const plan = () => {
    const setup = setUpCenter(readAwsFilesNow(app), { session, accounts, template, match, region });
    return { changes: setup.changes, result: setup };
  };
  const planned = plan();
  const diff = options.diff || options.dryRun ? diffOf(planned.changes) : undefined;
  if (options.output === "text") app.io.out(diff ?? "");
  const setup = options.dryRun ? planned.result : await commitChanges(setupPlace(desk), plan);
  if (!options.dryRun) await applySettings(new Desk(app));
  const failures = failuresOf(accounts);
  const problems = options.dryRun ? writeProblems(setup.changes) : [];
  reportCenterSetup({ app, options, session, person: part.session.person, setup, failures, problems, diff });
  return commonExit(failures);
}

function pickRegion(app: App, color: ColorChoice): Promise<string | undefined> {
  return pick(app, {
    question: "Identity Center region (the access portal lists it under Access keys):",
    choices: everyRegion().map((region) => ({ value: region, cells: [region] })),
    color,
  });
}

interface RoleSearch {
  readonly place: SsoPlace;
  readonly scopes: readonly string[];
  readonly options: SetupCenterOptions;
  readonly color: ColorChoice;
}

interface FoundRoles {
  readonly part: CenterPart<SsoPlace>;
  readonly accounts: readonly AccountRoles[];
}

/** With the session that exists if AWS still accepts it, else after a login. */
async function findRoles(app: App, search: RoleSearch, access: BearerAccess): Promise<FoundRoles> {
  const { place, scopes, options, color } = search;
  const { force, deviceCode, callbackPort } = options;
  const list = (accessToken: string) =>
    withProgress(app, `Listing accounts in ${placeName(place)}…`, (say) =>
      assignedRoles(place, { accessToken, say }, access),
    );
  const kept = force || (await isOfOtherPlace(place, access)) ? undefined : await usableToken(place, access);
  const accounts = kept && (await unlessOver(list(kept.accessToken)));
  if (kept !== undefined && accounts !== undefined)
    return { part: { isNew: false, plan: place, session: kept }, accounts };

  const otherWay = again(options, { "device-code": true, "callback-port": undefined });
  const way = { byDeviceCode: deviceCode, callbackPort, otherWay };
  const login = { plan: place, scopes, fresh: force, ...way, color };
  const { accessToken, ...session } = await signInAtCenter(app, login, access);
  const listed = await list(accessToken);
  const [first] = listed.flatMap((one) =>
    "roles" in one ? one.roles.map((role) => ({ account: one.account.id, role })) : [],
  );
  const person =
    first &&
    (await withProgress(app, "Getting your identity from AWS…", () =>
      personOf({ kind: "sso", ...place, ...first }, accessToken, access),
    ));
  return { part: { isNew: true, plan: place, session: { ...session, person } }, accounts: listed };
}

/** This command, as it was given, with other options. */
function again({ output, ...options }: SetupCenterOptions, more: Options = {}): Run {
  const told = output === OPTIONS.output.default ? {} : { output };
  const given: Options = { ...givenOptions({ ...options, ...told }), ...more };
  return ours("setup aws", Object.fromEntries(Object.keys(OPTIONS).map((name) => [name, given[name]])));
}

function hintsFor(options: SetupCenterOptions): Hints {
  const command = again(options);
  const approve = withCommands`Run ${command} and approve it in the browser.`;
  return {
    "aws-untrusted": authorityHint(command),
    "sso-login-refused": approve,
    "sso-login-unanswered": approve,
    "sso-session-expired": withCommands`Run ${command}.`,
    "sso-role-denied": withCommands`Ask an IAM Identity Center admin for access to an account, or log in as a different user: ${again(options, { force: true })}`,
  };
}
