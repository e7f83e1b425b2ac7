import { DEFAULT_TEMPLATE } from "./profile-names.ts";

/**
 * The setting that marks the profiles which `setup aws --sso-start-url` updates and removes. It holds the template of their names
 * unless that is the default: `managed_by = kubectl-vouch {role}`. AWS's tools ignore it. Source: doctor/AWS-CREDENTIALS.md,
 * "Shared files".
 */
export const MARK = "managed_by";

const TOOL = "kubectl-vouch";

/** The value for a profile that is named by a template. */
export function markFor(template: string): string {
  return template === DEFAULT_TEMPLATE ? TOOL : `${TOOL} ${template}`;
}

/** The template in the value; undefined for a profile that is not marked, or by another program. */
export function templateIn(mark: string | undefined): string | undefined {
  const [tool, template = DEFAULT_TEMPLATE, ...more] = mark?.split(" ") ?? [];
  return tool === TOOL && more.length === 0 ? template : undefined;
}
