import type { ProfileName, ProfileRecord } from "../../../token/aws/sources/profile-record.ts";
import { readAwsFiles } from "../../../token/aws/sources/read-plan.ts";
import { planOf } from "../../../token/aws/sources/source-plan.ts";
import { ours } from "../../../token/command/command.ts";
import { withCommands } from "../../../token/command/sentence.ts";
import type { Endpoints } from "../../../token/endpoints/endpoints.ts";
import { VouchError, withHints } from "../../../token/errors/errors.ts";
import type { App } from "../../app.ts";
import { centerAccess } from "../../aws/ask-aws.ts";
import { authorityHint } from "../../aws/hints.ts";
import { profileNameOf, settledNow, settleProfile } from "../../aws/profile-settings.ts";
import { centerPlace } from "../../login/aws-sessions.ts";
import {
  type CenterPart,
  centerInTime,
  centerLine,
  centerToKeep,
  logInAtCenter,
  requireCallbackPort,
} from "../../login/center-login.ts";
import { type CodeLoginResult, codeLogin } from "../../login/mfa-login.ts";
import { type ProfileTarget, profileTarget } from "../../login/profile-target.ts";
import { settledLines, untilWhen } from "../../login/told-session.ts";
import { endObject, printObject } from "../../terminal/output.ts";
import type { ColorChoice } from "../../terminal/style.ts";
import { roleRegion } from "../../vouch/role-choice.ts";
import { applySettings } from "../../workplace/cache.ts";
import { Desk } from "../../workplace/workplace.ts";
import { timeoutOf } from "../options.ts";
import { type LoginOptions, neededTime, runLogin } from "./login.run.ts";

interface ProfileLoginOptions extends LoginOptions {
  readonly profile: string;
  readonly deviceCode: boolean;
  readonly callbackPort?: number | undefined;
  readonly color: ColorChoice;
}

/** Remaining lifetime with which a role's credentials need no new code, without `--if-needed`, in milliseconds. */
const USUAL_NEED_MS = 5 * 60 * 1000;

/** Logs in to the source of an AWS profile's credentials, and asks for the MFA code that one of its roles demands. */
export async function runProfileLogin(options: ProfileLoginOptions, desk: Desk): Promise<void> {
  const { profile, deviceCode } = options;
  const again = ours("login", {
    profile,
    "device-code": deviceCode || undefined,
    "callback-port": options.callbackPort?.toString(),
  });
  const hints = () => ({
    "aws-untrusted": authorityHint(again),
    "sso-login-unanswered": withCommands`Run ${again}.`,
  });
  return withHints(hints, logIn(options, desk));
}

async function logIn(options: ProfileLoginOptions, before: Desk): Promise<void> {
  const { app } = before;
  const { profile } = options;
  const { files } = readAwsFiles(before.aws);
  const plan = planOf({ profile, region: roleRegion(before) }, files, app.env);
  const target = profileTarget(plan, profile, files);
  requireFitting(options, target);
  const { vouch, isMfaWanted } = target;
  if (vouch !== undefined) {
    // If a code is asked for too, one object reports both.
    const output = isMfaWanted ? "text" : options.output;
    await runLogin({ ...options, output, server: vouch.server, account: vouch.account }, before);
    if (!isMfaWanted) return;
  }

  const desk = vouch === undefined ? before : new Desk(app);
  const source = { kind: "aws", profile, role: undefined, via: [], env: {} } as const;
  const record = settledNow(desk, source);
  const { endpoints } = record;
  const { timeout = 0 } = options;
  const done = {
    ...options,
    timeoutMs: timeoutOf("login", timeout, { profile }) || undefined,
    neededMs: options.ifNeeded === undefined ? undefined : neededTime(options.ifNeeded),
  };
  const center = await centerPart(app, { options: done, target, endpoints });
  const neededMs = options.force ? Number.POSITIVE_INFINITY : (done.neededMs ?? USUAL_NEED_MS);
  const code = isMfaWanted ? await codeLogin(desk, { profile, plan, record, neededMs }) : undefined;
  await settle(app, profileNameOf(source, app), record);
  await applySettings(desk);
  tell(app, options, { center, code, endpoints });
}

/** A failure to record is not one of the login, which is done; kubectl's calls then go to AWS's own hosts. */
async function settle(app: App, name: ProfileName, record: ProfileRecord): Promise<void> {
  try {
    await settleProfile(app, name, record);
  } catch (error) {
    if (!(error instanceof VouchError) || error.code === "interrupted") throw error;
    if (settledLines(record.endpoints).length === 0) return;
    app.io.err(`warning: kubectl will not use the settings of this login: ${error.message}\n`);
  }
}

function requireFitting(
  { profile, deviceCode, callbackPort, ...options }: ProfileLoginOptions,
  target: ProfileTarget,
): void {
  requireCallbackPort(callbackPort, deviceCode);
  const refuse = (flags: string, why: string) => {
    throw new VouchError("usage", `${flags} and --profile cannot be combined: ${why}.`);
  };
  if (options.server !== undefined || options.account !== undefined)
    refuse("--server, --account", "the profile specifies where to log in");
  if (target.vouch === undefined && (options.pinStdin || options.keyStore !== undefined))
    refuse("--pin-stdin, --key-store", `AWS profile ${profile} does not need a security key`);
  const forCenter = deviceCode
    ? "--device-code"
    : callbackPort !== undefined
      ? "--callback-port"
      : options.timeout !== undefined && target.vouch === undefined
        ? "--timeout"
        : undefined;
  if (forCenter !== undefined && target.center === undefined)
    refuse(forCenter, `AWS profile ${profile} does not use IAM Identity Center`);
  if (options.force && options.ifNeeded !== undefined)
    throw new VouchError("usage", "--force and --if-needed cannot be combined.");
}

interface Wish extends ProfileLoginOptions {
  /** From `--timeout`; undefined: no limit. */
  readonly timeoutMs: number | undefined;
  /** From `--if-needed`, in milliseconds. */
  readonly neededMs: number | undefined;
}

/** The session at Identity Center, which may already exist; undefined if the profile uses none. */
async function centerPart(
  app: App,
  {
    options,
    target: { center: plan, scopes },
    endpoints,
  }: { readonly options: Wish; readonly target: ProfileTarget; readonly endpoints: Endpoints },
): Promise<CenterPart | undefined> {
  if (plan === undefined) return undefined;
  const access = centerAccess(app, endpoints);
  const { neededMs, force, profile, deviceCode, callbackPort, color, timeoutMs } = options;
  const kept =
    neededMs === undefined
      ? force
        ? undefined
        : await centerToKeep(app, plan, access)
      : await centerInTime(plan, neededMs, access);
  if (kept !== undefined) return { isNew: false, plan, session: kept };
  const login = {
    plan,
    scopes,
    fresh: force,
    byDeviceCode: deviceCode,
    otherWay: ours("login", { profile, "device-code": true }),
    callbackPort,
    color,
    timeoutMs,
  };
  return { isNew: true, plan, session: await logInAtCenter(app, login, access) };
}

interface Outcome {
  readonly center: CenterPart | undefined;
  readonly code: CodeLoginResult | undefined;
  readonly endpoints: Endpoints;
}

function tell(
  app: App,
  { profile, output, ifNeeded }: ProfileLoginOptions,
  { center, code, endpoints }: Outcome,
): void {
  const isNew = center?.isNew === true || code?.wasAsked === true;
  if (output !== "text") {
    printObject(app, output, "ProfileLogin", {
      status: isNew ? "logged-in" : "already-logged-in",
      profile,
      ...(center === undefined ? {} : { identityCenter: centerObject(app, center) }),
      ...(code?.expires === undefined ? {} : { role: endObject(code.expires, app.clock()) }),
      ...(isNew ? { endpoints } : {}),
    });
    return;
  }
  if (!isNew && ifNeeded !== undefined) return;
  const lines = [
    ...(center === undefined ? [] : [centerLine(app, center)]),
    ...(code === undefined ? [] : [codeLine(app, profile, code)]),
    ...(isNew
      ? settledLines(endpoints)
      : [withCommands`To log in again: ${ours("login", { profile, force: true })}`]),
  ];
  app.io.err(lines.map((line) => `${line}\n`).join(""));
}

function codeLine(app: App, profile: string, { wasAsked, expires }: CodeLoginResult): string {
  return `${wasAsked ? "The" : "The cached"} role credentials of AWS profile ${profile} are valid until ${untilWhen(app, expires)}.`;
}

function centerObject(app: App, { plan, session: { expires, isRefreshable, person } }: CenterPart) {
  const who = person === undefined ? {} : { person };
  return { ...centerPlace(plan), ...who, ...endObject(expires, app.clock()), refreshable: isRefreshable };
}
