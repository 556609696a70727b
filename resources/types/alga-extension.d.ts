/**
 * TypeScript view of the world in `resources/wit`, for `import … from "alga:extension/<interface>"`.
 * Made by `scripts/generate-extension-types.ts`; do not edit.
 */

declare module 'alga:extension/clients' {
  export function listClients(input: ClientsListInput): ClientsListResult;
  export function getClient(clientId: string): ClientSummary | undefined;
  export type ClientSummary = import('alga:extension/types').ClientSummary;
  export type ClientsListInput = import('alga:extension/types').ClientsListInput;
  export type ClientsListResult = import('alga:extension/types').ClientsListResult;
  export type ClientReadError = import('alga:extension/types').ClientReadError;
}

declare module 'alga:extension/context' {
  export function getContext(): ContextData;
  export type ContextData = import('alga:extension/types').ContextData;
}

declare module 'alga:extension/http' {
  export function fetch(request: HttpRequest): HttpResponse;
  export type HttpRequest = import('alga:extension/types').HttpRequest;
  export type HttpResponse = import('alga:extension/types').HttpResponse;
  export type HttpError = import('alga:extension/types').HttpError;
}

declare module 'alga:extension/invoicing' {
  export function createManualInvoice(input: CreateManualInvoiceInput): CreateManualInvoiceResult;
  export type CreateManualInvoiceInput = import('alga:extension/types').CreateManualInvoiceInput;
  export type CreateManualInvoiceResult = import('alga:extension/types').CreateManualInvoiceResult;
}

declare module 'alga:extension/logging' {
  export function logInfo(message: string): void;
  export function logWarn(message: string): void;
  export function logError(message: string): void;
}

declare module 'alga:extension/metrics' {
  export function record(name: string, kind: MetricKind, value: number, labels: Array<[string, string]>): void;
  export type MetricKind = import('alga:extension/types').MetricKind;
}

declare module 'alga:extension/scheduler' {
  export function listSchedules(): Array<ScheduleInfo>;
  export function getSchedule(scheduleId: string): ScheduleInfo | undefined;
  export function createSchedule(input: CreateScheduleInput): CreateScheduleResult;
  export function updateSchedule(scheduleId: string, input: UpdateScheduleInput): UpdateScheduleResult;
  export function deleteSchedule(scheduleId: string): DeleteScheduleResult;
  export function getEndpoints(): Array<EndpointInfo>;
  export type ScheduleInfo = import('alga:extension/types').ScheduleInfo;
  export type EndpointInfo = import('alga:extension/types').EndpointInfo;
  export type SchedulerError = import('alga:extension/types').SchedulerError;
  export type CreateScheduleInput = import('alga:extension/types').CreateScheduleInput;
  export type CreateScheduleResult = import('alga:extension/types').CreateScheduleResult;
  export type UpdateScheduleInput = import('alga:extension/types').UpdateScheduleInput;
  export type UpdateScheduleResult = import('alga:extension/types').UpdateScheduleResult;
  export type DeleteScheduleResult = import('alga:extension/types').DeleteScheduleResult;
}

declare module 'alga:extension/secrets' {
  export function get(key: string): string;
  /**
   * Names only; empty without the capability.
   */
  export function listKeys(): Array<string>;
  export type SecretError = import('alga:extension/types').SecretError;
}

declare module 'alga:extension/services' {
  export function listServices(input: ServicesListInput): ServicesListResult;
  export function getService(serviceId: string): ServiceSummary | undefined;
  export type ServiceSummary = import('alga:extension/types').ServiceSummary;
  export type ServicesListInput = import('alga:extension/types').ServicesListInput;
  export type ServicesListResult = import('alga:extension/types').ServicesListResult;
  export type ServiceReadError = import('alga:extension/types').ServiceReadError;
}

declare module 'alga:extension/storage' {
  export function get(namespace: string, key: string): StorageEntry;
  /**
   * Answers the entry as stored, with its new revision.
   */
  export function put(entry: StorageEntry): StorageEntry;
  export { _delete as delete };
  function _delete(namespace: string, key: string): void;
  /**
   * Entries in key order, one page at most. `cursor` is the last key already seen; an empty list is the end.
   */
  export function listEntries(namespace: string, cursor: string | undefined): Array<StorageEntry>;
  export type StorageEntry = import('alga:extension/types').StorageEntry;
  export type StorageError = import('alga:extension/types').StorageError;
}

declare module 'alga:extension/types' {
  export interface ContextData {
    requestId?: string,
    tenantId: string,
    extensionId: string,
    installId?: string,
    versionId?: string,
  }
  export interface HttpHeader {
    name: string,
    value: string,
  }
  /**
   * In `execute-request` the url is path plus query; in `http.fetch` it is absolute.
   */
  export interface HttpRequest {
    method: string,
    url: string,
    headers: Array<HttpHeader>,
    body?: Uint8Array,
  }
  export interface HttpResponse {
    status: number,
    headers: Array<HttpHeader>,
    body?: Uint8Array,
  }
  export interface ExecuteRequest {
    context: ContextData,
    http: HttpRequest,
  }
  export interface ExecuteResponse {
    status: number,
    headers: Array<HttpHeader>,
    body?: Uint8Array,
  }
  /**
   * # Variants
   * 
   * ## `"missing"`
   * 
   * ## `"denied"`
   * 
   * ## `"expired"`
   * 
   * ## `"internal"`
   */
  export type SecretError = 'missing' | 'denied' | 'expired' | 'internal';
  /**
   * # Variants
   * 
   * ## `"invalid-url"`
   * 
   * ## `"not-allowed"`
   * 
   * ## `"transport"`
   * 
   * ## `"internal"`
   */
  export type HttpError = 'invalid-url' | 'not-allowed' | 'transport' | 'internal';
  /**
   * # Variants
   * 
   * ## `"missing"`
   * 
   * ## `"conflict"`
   * 
   * ## `"denied"`
   * 
   * ## `"internal"`
   */
  export type StorageError = 'missing' | 'conflict' | 'denied' | 'internal';
  /**
   * # Variants
   * 
   * ## `"route-not-found"`
   * 
   * ## `"denied"`
   * 
   * ## `"bad-request"`
   * 
   * ## `"internal"`
   */
  export type ProxyError = 'route-not-found' | 'denied' | 'bad-request' | 'internal';
  /**
   * # Variants
   * 
   * ## `"not-available"`
   * 
   * ## `"not-allowed"`
   */
  export type UserError = 'not-available' | 'not-allowed';
  /**
   * # Variants
   * 
   * ## `"not-found"`
   * 
   * ## `"validation-failed"`
   * 
   * ## `"quota-exceeded"`
   * 
   * ## `"denied"`
   * 
   * ## `"internal"`
   */
  export type SchedulerError = 'not-found' | 'validation-failed' | 'quota-exceeded' | 'denied' | 'internal';
  /**
   * # Variants
   * 
   * ## `"not-allowed"`
   * 
   * ## `"invalid-input"`
   * 
   * ## `"internal"`
   */
  export type ClientReadError = 'not-allowed' | 'invalid-input' | 'internal';
  /**
   * # Variants
   * 
   * ## `"not-allowed"`
   * 
   * ## `"invalid-input"`
   * 
   * ## `"internal"`
   */
  export type ServiceReadError = 'not-allowed' | 'invalid-input' | 'internal';
  /**
   * A `put` that carries a revision succeeds only if that is the stored one (else `conflict`).
   */
  export interface StorageEntry {
    namespace: string,
    key: string,
    value: Uint8Array,
    revision?: bigint,
  }
  export interface UserData {
    tenantId: string,
    clientName: string,
    userId: string,
    userEmail: string,
    userName: string,
    /**
     * `internal` or `client`.
     */
    userType: string,
  }
  export interface UserDataV2 {
    tenantId: string,
    clientName: string,
    userId: string,
    userEmail: string,
    userName: string,
    /**
     * `internal` or `client`.
     */
    userType: string,
    clientId?: string,
    additionalFields: Array<[string, string]>,
  }
  export interface ScheduleInfo {
    id: string,
    endpointPath: string,
    endpointMethod: string,
    name?: string,
    /**
     * Five fields: minute, hour, day of month, month, day of week.
     */
    cron: string,
    /**
     * IANA name, such as `Europe/Berlin`.
     */
    timezone: string,
    enabled: boolean,
    /**
     * JSON.
     */
    payload?: string,
    /**
     * Times are ISO 8601.
     */
    lastRunAt?: string,
    lastRunStatus?: string,
    lastError?: string,
    createdAt?: string,
  }
  export interface EndpointInfo {
    id: string,
    method: string,
    path: string,
    handler: string,
    /**
     * GET or POST without path parameters.
     */
    schedulable: boolean,
  }
  export interface CreateScheduleInput {
    /**
     * `METHOD /path` of an endpoint in the manifest.
     */
    endpoint: string,
    cron: string,
    timezone?: string,
    enabled?: boolean,
    name?: string,
    /**
     * JSON, at most 100 KB.
     */
    payload?: string,
  }
  export interface CreateScheduleResult {
    success: boolean,
    scheduleId?: string,
    error?: string,
    /**
     * JSON: an object of messages by field.
     */
    fieldErrors?: string,
  }
  /**
   * Absent fields stay as they are. An empty name removes the name; the JSON `null` removes the payload.
   */
  export interface UpdateScheduleInput {
    endpoint?: string,
    cron?: string,
    timezone?: string,
    enabled?: boolean,
    name?: string,
    payload?: string,
  }
  export interface UpdateScheduleResult {
    success: boolean,
    error?: string,
    fieldErrors?: string,
  }
  export interface DeleteScheduleResult {
    success: boolean,
    error?: string,
  }
  /**
   * # Variants
   * 
   * ## `"percentage"`
   * 
   * ## `"fixed"`
   */
  export type DiscountType = 'percentage' | 'fixed';
  export interface ManualInvoiceItemInput {
    serviceId: string,
    quantity: number,
    description: string,
    rate: number,
    isDiscount?: boolean,
    discountType?: DiscountType,
    appliesToItemId?: string,
    appliesToServiceId?: string,
  }
  export interface CreateManualInvoiceInput {
    clientId: string,
    items: Array<ManualInvoiceItemInput>,
    invoiceDate?: string,
    dueDate?: string,
    poNumber?: string,
  }
  export interface CreateManualInvoiceResult {
    success: boolean,
    invoiceId?: string,
    invoiceNumber?: string,
    status?: string,
    subtotal?: number,
    tax?: number,
    total?: number,
    error?: string,
    fieldErrors?: string,
  }
  export interface ClientSummary {
    clientId: string,
    clientName: string,
    clientType?: string,
    isInactive: boolean,
    defaultCurrencyCode?: string,
    accountManagerId?: string,
    accountManagerName?: string,
    billingEmail?: string,
  }
  /**
   * Pages count from 1.
   */
  export interface ClientsListInput {
    search?: string,
    includeInactive?: boolean,
    page?: number,
    pageSize?: number,
  }
  export interface ClientsListResult {
    items: Array<ClientSummary>,
    totalCount: number,
    page: number,
    pageSize: number,
  }
  /**
   * # Variants
   * 
   * ## `"service"`
   * 
   * ## `"product"`
   */
  export type ItemKind = 'service' | 'product';
  /**
   * # Variants
   * 
   * ## `"fixed"`
   * 
   * ## `"hourly"`
   * 
   * ## `"usage"`
   */
  export type BillingMethod = 'fixed' | 'hourly' | 'usage';
  export interface ServiceSummary {
    serviceId: string,
    serviceName: string,
    itemKind: ItemKind,
    billingMethod: BillingMethod,
    serviceTypeId?: string,
    serviceTypeName?: string,
    defaultRate: number,
    unitOfMeasure: string,
    isActive: boolean,
    sku?: string,
  }
  export interface ServicesListInput {
    search?: string,
    itemKind?: ItemKind,
    isActive?: boolean,
    billingMethod?: BillingMethod,
    page?: number,
    pageSize?: number,
  }
  export interface ServicesListResult {
    items: Array<ServiceSummary>,
    totalCount: number,
    page: number,
    pageSize: number,
  }
  /**
   * # Variants
   * 
   * ## `"counter"`
   * 
   * ## `"gauge"`
   * 
   * ## `"histogram"`
   */
  export type MetricKind = 'counter' | 'gauge' | 'histogram';
}

declare module 'alga:extension/ui-proxy' {
  /**
   * GET without a payload, POST with one. `/api/…` is the platform's, any other route the extension's own.
   */
  export function callRoute(route: string, payload: Uint8Array | undefined): Uint8Array;
  export type ProxyError = import('alga:extension/types').ProxyError;
}

declare module 'alga:extension/user' {
  export function getUser(): UserData;
  export type UserData = import('alga:extension/types').UserData;
  export type UserError = import('alga:extension/types').UserError;
}

declare module 'alga:extension/user-v2' {
  export function getUser(): UserDataV2;
  export type UserDataV2 = import('alga:extension/types').UserDataV2;
  export type UserError = import('alga:extension/types').UserError;
}
