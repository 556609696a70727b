import type { HostAddress } from "../core/contract/host-address.ts";
import type { RpcClient } from "./client.ts";
import type { Commands } from "./state/commands.ts";
import type { Navigation } from "./state/navigation.ts";
import type { TextStorage } from "./state/text-storage.ts";
import type { ThemeChoice } from "./state/theme.ts";
import type { Timers } from "./state/timers.ts";
import type { WorkbenchState } from "./state/workbench.ts";

/** What every screen is given. Nothing of it knows React. */
export interface WindowContext {
  readonly host: HostAddress;
  readonly client: RpcClient;
  /** What all screens share: host state, installs, the selected extension, requests, the live log. */
  readonly state: WorkbenchState;
  readonly navigation: Navigation;
  readonly commands: Commands;
  readonly theme: ThemeChoice;
  /** Survives a reload of this tab. */
  readonly session: TextStorage;
  /** Survives the browser. */
  readonly preferences: TextStorage;
  readonly timers: Timers;
}

export interface ScreenProps {
  readonly context: WindowContext;
}
