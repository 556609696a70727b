export { TenantError, type TenantErrorCode } from "./errors.ts";
export type { Persona, PersonaInput } from "./personas.ts";
export { createSettings, type Settings } from "./settings.ts";
export { createTenants, type TenantCaller, type Tenants, type TenantsOptions } from "./tenants.ts";
