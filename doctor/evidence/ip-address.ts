/** Ranges that no public resolver should return, and that VPCs use. Source: RFC 1918, RFC 6598, RFC 4193. */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"];

/** Whether an address belongs to a private network; loopback does not. */
export function isPrivateAddress(address: string): boolean {
  return PRIVATE.some((range) => isInRange(address, range));
}

/** Whether a host is this machine itself. */
export function isLoopbackHost(host: string): boolean {
  return (
    host === "localhost" || host.endsWith(".localhost") || isInRange(host, "127.0.0.0/8") || host === "::1"
  );
}

/** Whether a host is an IP address. */
export function isAddress(host: string): boolean {
  return parse(host) !== undefined;
}

/** Whether an address is in a CIDR block of its own family. */
export function isInRange(address: string, cidr: string): boolean {
  const [network = "", length = ""] = cidr.split("/");
  const [a, b] = [parse(address), parse(network)];
  if (a === undefined || b === undefined || a.bits !== b.bits || !/^\d{1,3}$/.test(length)) return false;
  const shift = BigInt(Math.max(0, a.bits - Number(length)));
  return a.value >> shift === b.value >> shift;
}

function parse(address: string): { readonly value: bigint; readonly bits: 32 | 128 } | undefined {
  const octets = address.split(".");
  if (octets.length === 4 && octets.every((octet) => /^\d{1,3}$/.test(octet) && Number(octet) < 256)) {
    return { value: joined(octets.map(Number), 8n), bits: 32 };
  }
  if (!address.includes(":") || !/^[0-9a-f:]+$/i.test(address)) return undefined;
  const [head = "", tail, rest] = address.split("::");
  if (rest !== undefined) return undefined;
  const before = words(head);
  const after = words(tail ?? "");
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const all = [...before, ...Array.from({ length: missing }, () => 0), ...after];
  return all.every((word) => word <= 0xffff) ? { value: joined(all, 16n), bits: 128 } : undefined;
}

function words(text: string): number[] {
  return text === ""
    ? []
    : text.split(":").map((word) => (word === "" ? Number.NaN : Number.parseInt(word, 16)));
}

function joined(parts: readonly number[], width: bigint): bigint {
  return parts.reduce((value, part) => (value << width) | BigInt(part), 0n);
}
