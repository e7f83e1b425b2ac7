import type { Item, Parameters } from "./structured-fields.ts";
import { serializeParameters } from "./structured-fields.ts";
import { headerOf, type VouchRequest } from "./vouch-request.ts";

export interface CoveredComponents {
  readonly items: readonly Item[];
  readonly parameters: Parameters;
}

/**
 * The text that was signed (RFC 9421, 2.5), rebuilt from the request with the parameters in the order received.
 * Undefined when a component is unknown, missing from the request, repeated, or not plain ASCII.
 * Component parameters (`;sf`, `;req`, `;key`) are deliberately absent: Vouch has none.
 */
export function signatureBase(covered: CoveredComponents, request: VouchRequest): string | undefined {
  const lines: string[] = [];
  const names = new Set<string>();
  for (const { bare, parameters } of covered.items) {
    const value =
      bare.kind === "string" && parameters.size === 0 ? component(bare.value, request) : undefined;
    if (value === undefined || !/^[\x20-\x7e]*$/.test(value) || names.has(bare.value)) return undefined;
    names.add(bare.value);
    lines.push(`${bare.raw}: ${value}`);
  }
  const list = covered.items.map(({ bare }) => bare.raw).join(" ");
  lines.push(`"@signature-params": (${list})${serializeParameters(covered.parameters)}`);
  return lines.join("\n");
}

/** Source: RFC 9421, 2.1 and 2.2; token/vouch/VOUCH-PROTOCOL.md, "Message signature". */
function component(name: string, request: VouchRequest): string | undefined {
  switch (name) {
    case "@method":
      return request.method;
    case "@authority":
      return headerOf(request, "host")?.toLowerCase().replace(/:443$/, "");
    case "@path":
      return request.path;
    case "@query":
      return request.query === "" ? "?" : request.query;
    default:
      return name.startsWith("@") || name !== name.toLowerCase() ? undefined : fieldValue(name, request);
  }
}

function fieldValue(name: string, request: VouchRequest): string | undefined {
  return request.headers[name]?.map((line) => line.trim()).join(", ");
}
