import type { InstalledExtension } from "../../../core/contract/install.ts";
import type { ClientFailure } from "../../state/failure.ts";
import { installOf } from "../../state/workbench.ts";
import { ListFilterField, useListFilter } from "../../ui/list-filter.tsx";
import { FailureNotice, Notice } from "../../ui/notice.tsx";
import { Pane } from "../../ui/pane.tsx";
import { useStore } from "../../ui/use-store.ts";
import type { WindowContext } from "../../window-context.ts";
import { ExtensionDetail } from "./extension-detail.tsx";
import { ExtensionItem } from "./extension-item.tsx";
import { FirstExtension } from "./first-extension.tsx";
import "./extension-pane.css";

export function ExtensionPane({ context }: { readonly context: WindowContext }) {
  const { state, navigation } = context;
  const { data, loading, failure } = useStore(state.extensions);
  const selectedId = useStore(state.selected);
  const selected = installOf(data, selectedId);
  const filter = useListFilter(data ?? [], "extensions", nameOf);
  return (
    <Pane title="Extensions" area="extensions" facts={data && <span>{data.length} installed</span>}>
      {filter.field && <ListFilterField {...filter.field} />}
      <div className="pane-body extension-pane">
        {failure && !data && <NotLoaded failure={failure} />}
        {!data && loading && <Notice title="Loading the installed extensions…" />}
        {data?.length === 0 && (
          <Notice title="No extension is installed.">
            <FirstExtension navigation={navigation} />
          </Notice>
        )}
        {data && data.length > 0 && (
          <ul className="extension-list" aria-label="Installed extensions">
            {filter.found.map((install) => (
              <li key={install.install_id}>
                <ExtensionItem
                  install={install}
                  isSelected={install.install_id === selectedId}
                  onSelect={() => state.select(install.install_id)}
                />
              </li>
            ))}
          </ul>
        )}
        {selected && <ExtensionDetail install={selected} onEndpoint={state.fill} />}
      </div>
    </Pane>
  );
}

function nameOf({ extension_name, manifest }: InstalledExtension): string {
  return `${manifest.display_name ?? ""} ${extension_name}`;
}

/** The frame says once, above everything, that the host is gone or refuses; only what is this list's own is said here. */
function NotLoaded({ failure }: { readonly failure: ClientFailure }) {
  return failure.kind === "unreachable" || failure.kind === "unauthorised" ? (
    <Notice title="Not loaded." />
  ) : (
    <FailureNotice failure={failure} />
  );
}
