import { addEntry, addOidcProvider, vouchTrust } from "../aws/world.ts";
import type { Lab } from "../lab.ts";
import type { IamRole } from "../model.ts";
import { editContext } from "./kubeconfig-edit.ts";
import { CONTEXTS, type FaultPlace, type LabFault, UNAUTHORIZED } from "./lab-fault.ts";
import { GRACE, viewerOfOld } from "./lab-people.ts";
import { addAccountRole, developer, openRoleSession } from "./lab-sessions.ts";

const CONTEXT = CONTEXTS.grace;
const CLEAR_CACHE = ["kubectl-vouch", "cache", "clear"];
const OTHER_ROLE = "arn:aws:iam::111122223333:role/Deployer";

/** Rows S: STS's answers, and where the token goes. */
export const TRUST_FAULTS: readonly LabFault[] = [
  {
    row: "S1",
    name: "the role trusts somebody else",
    context: CONTEXT,
    breakIt: (place) => {
      const role = addAccountRole(place.lab, "Deployer");
      addEntry(place.lab.cluster, role, viewerOfOld());
      role.trust = [
        {
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::111122223333:role/Ci" },
          Action: "sts:AssumeRole",
        },
      ];
      place.lab.world.roles.set("arn:aws:iam::111122223333:role/Ci", {
        ...role,
        arn: "arn:aws:iam::111122223333:role/Ci",
      });
      place.lab.world.users.get(GRACE)?.allows.push({ actions: ["sts:AssumeRole"], resources: ["*"] });
      addRoleArgument(place);
    },
    says: /not authorized to perform: sts:AssumeRole/,
    fix: {
      says: /update-assume-role-policy --role-name Deployer/,
      byHand: ({ lab }) => trustAccount(lab, "Deployer"),
    },
  },
  {
    row: "S2",
    name: "the entry asks for the very role that the caller has",
    context: CONTEXT,
    breakIt: (place) => {
      const role = addAccountRole(place.lab, "Deployer", { trust: [], allows: [] });
      addEntry(place.lab.cluster, role, viewerOfOld());
      Object.assign(place.env, openRoleSession(place.lab, role));
      addRoleArgument(place);
      editContext(place.kubeconfig, CONTEXT, ({ exec }) => {
        exec.env = null;
      });
    },
    says: /not authorized to perform: sts:AssumeRole/,
  },
  {
    row: "S3",
    name: "the role wants another audience in the ID token",
    breakIt: async ({ lab, run }) => {
      await run(CLEAR_CACHE);
      const role = developer(lab);
      role.trust = role.trust.map((statement) => ({
        ...statement,
        Condition: JSON.parse(
          JSON.stringify(statement.Condition).replaceAll(/"https:\/\/localhost:\d+"/g, '"sts.amazonaws.com"'),
        ),
      }));
    },
    says: /Not authorized to perform sts:AssumeRoleWithWebIdentity/,
    fix: {
      says: /Allow the Vouch server in the role's trust policy[\s\S]*update-assume-role-policy --role-name VouchDeveloper/,
      byHand: ({ lab }) => trustVouch(lab),
    },
  },
  {
    row: "S4",
    name: "the account does not know the issuer",
    breakIt: async ({ lab, run }) => {
      await run(CLEAR_CACHE);
      lab.world.oidcProviders.clear();
    },
    says: /No OpenIDConnect provider found in your account/,
    fix: {
      says: /create-open-id-connect-provider/,
      byHand: ({ lab }) => void addOidcProvider(lab.world, { url: lab.vouch.url, ca: lab.ca.cert }),
    },
  },
  {
    row: "S5",
    name: "the role lets no session have tags",
    breakIt: async ({ lab, run }) => {
      await run(CLEAR_CACHE);
      const role = developer(lab);
      role.trust = role.trust.map((statement) => ({ ...statement, Action: "sts:AssumeRoleWithWebIdentity" }));
    },
    says: /sts:TagSession|AccessDenied|Not authorized/,
    fix: { says: /sts:TagSession/, byHand: ({ lab }) => trustVouch(lab) },
  },
  {
    row: "S6",
    name: "the AWS CLI is told of another STS",
    context: CONTEXT,
    breakIt: ({ env, lab }) => {
      env["AWS_ENDPOINT_URL_STS"] = lab.aws.url;
    },
    says: UNAUTHORIZED,
  },
  {
    row: "S8",
    name: "the clock of this machine is slow",
    context: CONTEXT,
    breakIt: ({ lab }) => lab.clock.advance(20 * 60_000),
    says: UNAUTHORIZED,
    fix: { says: /timedatectl set-ntp true/, byHand: ({ lab }) => lab.clock.advance(-20 * 60_000) },
  },
  {
    row: "S9",
    name: "the session token is longer than a token may be",
    context: CONTEXT,
    breakIt: ({ lab, env, kubeconfig }) => {
      const role = taggedRole(lab);
      addEntry(lab.cluster, role, viewerOfOld());
      const sessionToken = `LABCANARY${"tagged/".repeat(500)}`;
      Object.assign(env, openRoleSession(lab, role, { sessionToken }));
      editContext(kubeconfig, CONTEXT, ({ exec }) => {
        exec.env = null;
      });
    },
    says: UNAUTHORIZED,
    fix: {
      says: /Shorten the session/,
      byHand: ({ lab, env }) => void Object.assign(env, openRoleSession(lab, taggedRole(lab))),
    },
  },
];

function addRoleArgument({ kubeconfig }: FaultPlace): void {
  editContext(kubeconfig, CONTEXT, ({ exec }) => void exec.args.push("--role", OTHER_ROLE));
}

function taggedRole(lab: Lab): IamRole {
  return lab.world.roles.get("arn:aws:iam::111122223333:role/Tagged") ?? addAccountRole(lab, "Tagged");
}

function trustAccount({ world }: Lab, name: string): void {
  const role = world.roles.get(`arn:aws:iam::${world.accountId}:role/${name}`);
  const Principal = { AWS: `arn:aws:iam::${world.accountId}:root` };
  role?.trust.push({ Effect: "Allow", Principal, Action: ["sts:AssumeRole", "sts:TagSession"] });
}

function trustVouch(lab: Lab): void {
  developer(lab).trust = [...lab.world.oidcProviders.values()].map(vouchTrust);
}
