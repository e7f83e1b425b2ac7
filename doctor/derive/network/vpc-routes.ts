import { type DoctorEvidence, knownValue } from "../../evidence/evidence.ts";
import { isInRange } from "../../evidence/ip-address.ts";

/** A way from the cluster's network to this machine that is not there, in words. */
export interface MissingRoute {
  /** `No route table of the VPC has a route to 10.8.0.5.` */
  readonly shown: string;
  /** The route that leads to something which is gone. */
  readonly blackhole: { readonly routeTable: string | undefined; readonly destination: string } | undefined;
}

/** Undefined: there is a way, or the route tables or this machine's addresses are not known. */
export function missingRoute(
  evidence: Pick<DoctorEvidence, "routeTables" | "network">,
): MissingRoute | undefined {
  const tables = knownValue(evidence.routeTables)?.RouteTables;
  const addresses = knownValue(evidence.network)?.localAddresses;
  if (tables === undefined || tables.length === 0 || addresses === undefined || addresses.length === 0)
    return undefined;
  const routes = tables.flatMap(({ RouteTableId: table, Routes }) =>
    Routes.flatMap(({ DestinationCidrBlock: destination = "", State }) =>
      // The default route leads to the internet, where private addresses are nowhere.
      destination !== "0.0.0.0/0" && addresses.some((address) => isInRange(address, destination))
        ? [{ table, destination, isGone: State === "blackhole" }]
        : [],
    ),
  );
  if (routes.some(({ isGone }) => !isGone)) return undefined;
  const gone = routes[0];
  const to = addresses.join(", ");
  return gone === undefined
    ? { shown: `No route table of the cluster's VPC has a route to ${to}.`, blackhole: undefined }
    : {
        shown: `The route to ${gone.destination}, which has ${to}, is a blackhole: what it leads to is gone.`,
        blackhole: { routeTable: gone.table, destination: gone.destination },
      };
}

/** Whether this machine is known to be in the cluster's VPC: one of its addresses is in a network of the VPC itself. */
export function isInVpc(evidence: Pick<DoctorEvidence, "routeTables" | "network">): boolean {
  const own = (knownValue(evidence.routeTables)?.RouteTables ?? []).flatMap(({ Routes }) =>
    Routes.flatMap(({ GatewayId, DestinationCidrBlock = "" }) =>
      GatewayId === "local" ? [DestinationCidrBlock] : [],
    ),
  );
  const addresses = knownValue(evidence.network)?.localAddresses ?? [];
  return addresses.some((address) => own.some((network) => isInRange(address, network)));
}
