/**
 * Lines and conveyors: bounded channels of batches between departments. The receiver grants credit, the sender
 * spends it, and spent buffers come back with it.
 *
 * @module
 */

export * from "./memory_port.ts";
export * from "./packer.ts";
export * from "./port.ts";
export * from "./protocol.ts";
export * from "./receiver.ts";
export * from "./sender.ts";
