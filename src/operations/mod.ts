/**
 * Operations: takes every department's figures once a second and works out rates, back-pressure and the bottleneck.
 *
 * @module
 */

export type { Accounts, WorkshopAccounts } from "./accounts.ts";
export * from "./alarm.ts";
export * from "./alarm_webhook.ts";
export type { ClassReport } from "./class_report.ts";
export * from "./department.ts";
export * from "./flight_record.ts";
export * from "./floor_report.ts";
export * from "./inspection.ts";
export * from "./journal.ts";
export * from "./log.ts";
export type { Moment, MomentQuery } from "./moment.ts";
export * from "./operator.ts";
export type { EndpointReport, EndpointState, ServiceReport } from "./service_report.ts";
export type { Staffing, StaffingBounds } from "./staffing.ts";
export type { Totals } from "./totals.ts";
export type { Inspected } from "./watch.ts";
