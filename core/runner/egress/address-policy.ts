import { BlockList, isIPv4, isIPv6 } from "node:net";

/**
 * Which addresses are the public Internet. Everything else (this machine, its network, cloud metadata services
 * at link-local addresses, multicast, reserved and documentation ranges) is refused unless listed by hand.
 */

/** IANA special-purpose IPv4 ranges, and the one address of a cloud's own services that lies outside all of them. */
const SPECIAL_IPV4 = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  // Azure's, the same in every virtual machine; those of other clouds are in the ranges.
  ["168.63.129.16", 32],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const;

/** Ranges inside global unicast (2000::/3) that are not the public Internet: Teredo and friends, documentation, 6to4. */
const SPECIAL_IPV6 = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const;

const special = new BlockList();
for (const [network, prefix] of SPECIAL_IPV4) special.addSubnet(network, prefix, "ipv4");
for (const [network, prefix] of SPECIAL_IPV6) special.addSubnet(network, prefix, "ipv6");
const globalUnicast = new BlockList();
globalUnicast.addSubnet("2000::", 3, "ipv6");

/** True for an IPv4 or IPv6 address, without brackets, that belongs to the public Internet. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !special.check(address, "ipv4");
  if (!isIPv6(address) || address.includes("%")) return false;
  const embedded = embeddedIpv4(address);
  if (embedded !== undefined) return isPublicAddress(embedded);
  return globalUnicast.check(address, "ipv6") && !special.check(address, "ipv6");
}

/** The IPv4 address behind a mapped (::ffff:0:0/96) or NAT64 (64:ff9b::/96) one: what really gets connected to. */
function embeddedIpv4(address: string): string | undefined {
  // The URL parser writes every IPv6 address in its one shortest form, the last 32 bits as two hex groups.
  const { hostname } = new URL(`http://[${address}]/`);
  const groups = /^\[(?:::ffff|64:ff9b:):([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(hostname);
  if (groups === null) return undefined;
  const high = Number.parseInt(groups[1] ?? "", 16);
  const low = Number.parseInt(groups[2] ?? "", 16);
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join(".");
}
