import type { Session } from "electron";
import { isSameOrigin } from "./origin.ts";

export type PermissionSession = Pick<
  Session,
  "setPermissionRequestHandler" | "setPermissionCheckHandler" | "setDevicePermissionHandler"
>;

/** Copying a command or a hash is the one thing that the page asks the platform for. */
const ALLOWED_TO_THE_PAGE = new Set(["clipboard-sanitized-write"]);

/**
 * Denies every permission that a page may ask for (camera, location, notifications, devices, …), except writing text
 * to the clipboard from the workbench's own page. `pageOrigin` is that page's origin.
 */
export function setupPermissions(session: PermissionSession, pageOrigin: () => string | undefined): void {
  const isAllowed = (permission: string, requestingUrl: string): boolean =>
    ALLOWED_TO_THE_PAGE.has(permission) && isSameOrigin(requestingUrl, pageOrigin());
  session.setPermissionRequestHandler((_contents, permission, answer, details) =>
    answer(isAllowed(permission, details.requestingUrl)),
  );
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin) =>
    isAllowed(permission, requestingOrigin),
  );
  session.setDevicePermissionHandler(() => false);
}
