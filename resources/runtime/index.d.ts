/**
 * Stand-in for `@alga-psa/extension-runtime` 0.3, used by the build when a project imports that package and has not
 * installed it. Written from the package's documented shapes; part of Extension Workbench, MIT.
 */
export interface ContextData {
  requestId?: string | null;
  tenantId: string;
  extensionId: string;
  installId?: string | null;
  versionId?: string | null;
  config?: Record<string, string>;
}

export interface HttpHeader {
  name: string;
  value: string;
}

export interface HttpRequest {
  method: string;
  /** Path plus query in a handler's request; absolute in `http.fetch`. */
  url: string;
  headers: HttpHeader[];
  body?: Uint8Array | null;
}

export interface HttpResponse {
  status: number;
  headers: HttpHeader[];
  body?: Uint8Array | null;
}

export interface ExecuteRequest {
  context: ContextData;
  http: HttpRequest;
}

export interface ExecuteResponse {
  status: number;
  headers?: HttpHeader[];
  body?: Uint8Array | null;
}

export interface SecretsHost {
  get(key: string): Promise<string>;
  list(): Promise<string[]>;
}

export interface HttpHost {
  fetch(request: HttpRequest): Promise<HttpResponse>;
}

export interface StorageHost {
  /** `null` when nothing is stored under the key. */
  get(namespace: string, key: string): Promise<Uint8Array | null>;
  put(entry: { namespace: string; key: string; value: Uint8Array; revision?: number | null }): Promise<void>;
  delete(namespace: string, key: string): Promise<void>;
  list(namespace: string): Promise<Array<{ key: string; value: Uint8Array; revision?: number | null }>>;
}

export interface LoggingHost {
  info(message: string): Promise<void>;
  warn(message: string): Promise<void>;
  error(message: string): Promise<void>;
}

export interface UiProxyHost {
  callRoute(route: string, payload?: Uint8Array | null): Promise<Uint8Array>;
  call?(route: string, payload?: Uint8Array | null): Promise<Uint8Array>;
}

export interface ScheduleInfo {
  id: string;
  endpointPath: string;
  endpointMethod: string;
  name?: string | null;
  cron: string;
  timezone: string;
  enabled: boolean;
  payload?: unknown;
  lastRunAt?: string | null;
  lastRunStatus?: string | null;
  lastError?: string | null;
  createdAt?: string | null;
}

export interface EndpointInfo {
  id: string;
  method: string;
  path: string;
  handler: string;
  schedulable: boolean;
}

export interface CreateScheduleInput {
  endpoint: string;
  cron: string;
  timezone?: string;
  enabled?: boolean;
  name?: string;
  payload?: unknown;
}

export interface CreateScheduleResult {
  success: boolean;
  scheduleId?: string;
  error?: string;
  fieldErrors?: Record<string, string>;
}

export interface UpdateScheduleInput {
  endpoint?: string;
  cron?: string;
  timezone?: string;
  enabled?: boolean;
  name?: string | null;
  payload?: unknown | null;
}

export interface UpdateScheduleResult {
  success: boolean;
  error?: string;
  fieldErrors?: Record<string, string>;
}

export interface DeleteScheduleResult {
  success: boolean;
  error?: string;
}

export interface SchedulerHost {
  list(): Promise<ScheduleInfo[]>;
  get(scheduleId: string): Promise<ScheduleInfo | null>;
  create(input: CreateScheduleInput): Promise<CreateScheduleResult>;
  update(scheduleId: string, input: UpdateScheduleInput): Promise<UpdateScheduleResult>;
  delete(scheduleId: string): Promise<DeleteScheduleResult>;
  getEndpoints(): Promise<EndpointInfo[]>;
}

export interface UserData {
  tenantId: string;
  clientName: string;
  userId: string;
  userEmail: string;
  userName: string;
  userType: string;
}

export type UserError = "not-available" | "not-allowed";

export interface UserHost {
  getUser(): Promise<UserData>;
}

export interface HostBindings {
  context: { get(): Promise<ContextData> };
  secrets: SecretsHost;
  http: HttpHost;
  storage: StorageHost;
  logging: LoggingHost;
  uiProxy: UiProxyHost;
  scheduler: SchedulerHost;
  user: UserHost;
}

export type Handler = (
  request: ExecuteRequest,
  host: HostBindings,
) => Promise<ExecuteResponse> | ExecuteResponse;

/** A JSON response; status 200 and `content-type: application/json` unless `init` says otherwise. */
export declare function jsonResponse(body: unknown, init?: Partial<ExecuteResponse>): ExecuteResponse;
/** A response without a body; status 204 unless given. */
export declare function emptyResponse(status?: number): ExecuteResponse;
/** Calls a route with a JSON payload (GET without one) and parses the JSON answer. */
export declare function callProxyJson<T = unknown>(
  uiProxy: UiProxyHost,
  route: string,
  payload?: unknown,
): Promise<T>;
/** Host bindings for unit tests: empty storage and secrets, a fixed context and user; override what matters. */
export declare function createMockHostBindings(overrides?: Partial<HostBindings>): HostBindings;
