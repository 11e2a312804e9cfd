/**
 * The services that a blueprint names.
 *
 * @module
 */

import { BlueprintError, type Settings } from "../core/mod.ts";
import { RPC_CONCURRENCY } from "../core/limits.ts";
import { addressOf, type Service, type Services } from "../rpc/mod.ts";

/**
 * Describes a service that workers call with `context.call`. Nothing is opened before a workshop is.
 *
 * @throws {BlueprintError} naming the field that is missing or wrong
 *
 * @example
 * ```ts
 * import { defineBlueprint, keyed, service } from "@shopfloor/shopfloor";
 * import { z } from "zod";
 * import assert from "node:assert/strict";
 *
 * const blueprint = defineBlueprint({
 *   name: "weights",
 *   material: z.object({ device: z.string() }),
 *   key: ({ device }) => device,
 *   products: { weight: z.object({ device: z.string(), grams: z.number() }) },
 *   services: { scales: service({ protocol: "json", endpoints: ["http://127.0.0.1:9001"] }) },
 *   workshop: keyed({
 *     hire: () => null,
 *     async work(worker, _material, ship, context) {
 *       const { grams } = await context.call("scales", "weigh", { id: worker.key }, { idempotent: true });
 *       ship("weight", { device: worker.key, grams });
 *     },
 *   }),
 * });
 * assert.deepEqual(Object.keys(blueprint.services!({})), ["scales"]);
 * ```
 */
export function service(definition: Service): Service {
  checkService("service", definition);
  return Object.freeze({ ...definition });
}

/** The services that a blueprint describes for these settings. @throws {BlueprintError} */
export function servicesOf(
  services: ((settings: Settings) => Services) | undefined,
  settings: Settings,
): Services {
  const described = services?.(settings) ?? {};
  checkServices(described);
  return described;
}

/** @throws {BlueprintError} naming the service and the field that is missing or wrong */
export function checkServices(services: Services): void {
  if (typeof services !== "object" || services === null) refuse("services", "must be an object of services");
  for (const [name, each] of Object.entries(services)) checkService(`services.${name}`, each);
}

/** What a number may be, beside positive. */
const NUMBERS = [
  ["deadlineMs", false],
  ["hedgeMs", false],
  ["attempts", true],
  ["concurrency", true],
] as const;

/** Names that a call sets itself, or that would change where one request ends and the next begins. */
const OWN_HEADERS =
  /^(?:host|connection|content-length|content-type|transfer-encoding|te|trailer|upgrade|expect|accept-encoding|connect-.*|x-deadline-ms)$/i;

function checkService(field: string, service: Service): void {
  if (typeof service !== "object" || service === null) refuse(field, "must be service({ … })");
  const { protocol, schema, headers = {} } = service;
  if (protocol !== "json" && protocol !== "connect") {
    refuse(`${field}.protocol`, `must be "json" or "connect", found ${JSON.stringify(protocol)}`);
  }
  checkPlaces(field, service);
  if (schema !== undefined && (protocol !== "connect" || schema?.kind !== "service")) {
    refuse(
      `${field}.schema`,
      "must be a service's descriptor of @bufbuild/protobuf, with the protocol connect",
    );
  }
  for (const [name, whole] of NUMBERS) {
    const value = service[name];
    if (value === undefined || (value > 0 && (!whole || Number.isInteger(value)))) continue;
    refuse(`${field}.${name}`, `must be a ${whole ? "whole " : ""}number above 0, found ${value}`);
  }
  if ((service.concurrency ?? 1) > RPC_CONCURRENCY) {
    refuse(`${field}.concurrency`, `must be ${RPC_CONCURRENCY} at most, found ${service.concurrency}`);
  }
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || OWN_HEADERS.test(name) || !/^[\t\x20-\x7e]*$/.test(value)) {
      refuse(
        `${field}.headers`,
        `can't have ${JSON.stringify(name)}: a call sets it itself, or it isn't plain ASCII`,
      );
    }
  }
}

function checkPlaces(field: string, { endpoints, registry, name }: Service): void {
  if ((endpoints === undefined) === (registry === undefined)) {
    refuse(field, "must have either endpoints or a registry");
  }
  if (endpoints !== undefined && (!Array.isArray(endpoints) || endpoints.length === 0)) {
    refuse(`${field}.endpoints`, "must be a list of URLs, at least one");
  }
  const bad = endpoints?.find((url) => addressOf(String(url)) === undefined);
  if (bad !== undefined) {
    refuse(
      `${field}.endpoints`,
      `must be http: or https: URLs without user, query or fragment, found ${JSON.stringify(bad)}`,
    );
  }
  if (registry !== undefined && !/^(?:memory|etcd|nats):/.test(registry)) {
    refuse(`${field}.registry`, `must begin with memory:, etcd: or nats:, found ${JSON.stringify(registry)}`);
  }
  if (name !== undefined && (typeof name !== "string" || name === "")) {
    refuse(`${field}.name`, "must be a text");
  }
}

function refuse(field: string, problem: string): never {
  throw new BlueprintError(`blueprint: ${field} ${problem}`, { fields: { field } });
}
