import type { HostAddress } from "../core/contract/host-address.ts";
import type { HostSettings } from "../core/contract/rpc/settings.ts";
import type { RpcClient } from "./client.ts";
import type { DesktopShell } from "./desktop-shell.ts";
import type { BottomPanel } from "./state/bottom-panel.ts";
import type { CallerChoice } from "./state/caller.ts";
import type { Commands } from "./state/commands.ts";
import type { Finders } from "./state/finders.ts";
import type { Loop } from "./state/loop/loop.ts";
import type { Navigation } from "./state/navigation.ts";
import type { Resource } from "./state/resource.ts";
import type { Shortcuts } from "./state/shortcuts.ts";
import type { Readable, Store } from "./state/store.ts";
import type { TextStorage } from "./state/text-storage.ts";
import type { ThemeChoice } from "./state/theme.ts";
import type { Timers } from "./state/timers.ts";
import type { Tour } from "./state/tour.ts";
import type { ViewChoice } from "./state/view.ts";
import type { WorkbenchState } from "./state/workbench.ts";

export interface OpenProject {
  readonly name: string;
  /** Absolute path on the host's machine. */
  readonly dir: string;
  /** Files with changes that are not saved. */
  readonly unsaved: number;
}

/** What every screen is given. Nothing of it knows React. */
export interface WindowContext {
  readonly host: HostAddress;
  readonly client: RpcClient;
  /** What all screens share: host state, installs, the selected extension, requests, the live log. */
  readonly state: WorkbenchState;
  /** Settings in force, the active signing key among them; loads again whenever the host's state does. */
  readonly settings: Resource<HostSettings>;
  /** Counts what any window, this one included, and any command has changed at the host. */
  readonly changes: Readable<number>;
  readonly navigation: Navigation;
  readonly commands: Commands;
  readonly shortcuts: Shortcuts;
  /** Command palette and search. */
  readonly finders: Finders;
  readonly theme: ThemeChoice;
  /** Zoom and motion. */
  readonly view: ViewChoice;
  /** Tenant and persona that requests are made as. */
  readonly caller: CallerChoice;
  /** The loop of the open project, as the host runs it. */
  readonly loop: Loop;
  /** Log, findings and build output below every screen. */
  readonly tour: Tour;
  readonly bottomPanel: BottomPanel;
  /** The open project, which the project screen says and the top bar shows. */
  readonly project: Store<OpenProject | undefined>;
  /** Survives a reload of this tab. */
  readonly session: TextStorage;
  /** Survives the browser. */
  readonly preferences: TextStorage;
  readonly timers: Timers;
  /**
   * Joins the page to a host that was started again, from the address that it printed; answers what is wrong with that.
   * The desktop app does it by itself.
   */
  readonly reconnect?: (address: string) => string | undefined;
  /** The desktop app around the page; a browser tab has none. */
  readonly shell?: DesktopShell;
}

export interface ScreenProps {
  readonly context: WindowContext;
}
