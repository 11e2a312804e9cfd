/**
 * The devices of the example: several classes, ten thousand devices.
 *
 * @module
 */

/** What a device may be. Each class has a compute service of its own. */
export const CLASSES: readonly string[] = ["camera", "meter", "robot"];

/** The services' names: one has the raw data of all devices, the others compute. */
export const SERVICES: readonly string[] = ["data", ...CLASSES.map((kind) => `compute-${kind}`)];

/** One business: this device wants to be served. */
export interface Business {
  readonly device: string;
  readonly kind: string;
}

/** The list: the classes in turn, so that none waits for another's devices to end. */
export function deviceList(devices: number, kind?: string): Business[] {
  const all = Array.from({ length: devices }, (_, at) => {
    const kind = CLASSES[at % CLASSES.length];
    return { device: `${kind}-${at}`, kind };
  });
  return kind === undefined ? all : all.filter((business) => business.kind === kind);
}
