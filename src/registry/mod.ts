/**
 * Service registration and discovery: the contract, and registries in memory, in etcd and in NATS JetStream. Who
 * answers a service is written down for as long as its process lives; callers follow the list. Leases let several
 * processes share names so that each has one owner.
 *
 * @module
 */

export type { Holding } from "./held_class.ts";
export * from "./open_registry.ts";
export * from "./registry.ts";
export { type Share, shareClasses, type ShareOptions } from "./share_classes.ts";
