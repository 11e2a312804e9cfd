import { messageOf, RegistryError } from "../core/mod.ts";
import { openRegistry, type Registry } from "../registry/mod.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usage_error.ts";

/** How long the same trouble is not told again. */
const TOLD_MS = 30_000;

/**
 * Opens the registry that `--registry` names. That it can't be reached is told, but ends nothing.
 *
 * @throws {UsageError} when the option is missing or no registry's URL
 */
export function openRegistryOption(
  { name, registry }: { name: string; registry: string | undefined },
  terminal: Terminal,
): Registry {
  if (registry === undefined) {
    throw new UsageError(`${name} needs a registry: --registry etcd://HOST:PORT or nats://HOST:PORT`);
  }
  let told = { text: "", at: -Infinity };
  const onTrouble = (error: unknown) => {
    const text = messageOf(error);
    if (text === told.text && performance.now() - told.at < TOLD_MS) return;
    told = { text, at: performance.now() };
    terminal.complain(`shopfloor: registry: ${text}; trying again`);
  };
  if (registry.startsWith("memory:")) {
    throw new UsageError(`option --registry: ${registry} is inside of one process: nobody else would see it`);
  }
  return ownFault("--registry", () => openRegistry(registry, { onTrouble }));
}

/** What the registry refuses is the fault of whoever gave the option. */
export function ownFault<Result>(option: string, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    throw inOptionWords(option, error);
  }
}

/** A refusal of the registry in the words of whoever gave the option; any other error as it is. */
export function inOptionWords(option: string, error: unknown): unknown {
  const refused = error instanceof RegistryError && error.code === "REGISTRY_REFUSED";
  return refused
    ? new UsageError(`option ${option}: ${error.message.replace(/^registry: /, "")}`, error)
    : error;
}
