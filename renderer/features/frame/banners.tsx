import { IconAlertTriangle, IconKey } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { WorkbenchState } from "../../state/workbench.ts";
import { useStore } from "../../ui/use-store.ts";
import "./banners.css";

/** What must not be missed: a key that nobody chose is trusted here, or signatures are not enforced. */
export function Banners({ state }: { readonly state: WorkbenchState }) {
  const { data } = useStore(state.overview);
  if (!data) return null;
  const { tenant, development_key: key } = data;
  return (
    <div className="banners">
      {tenant.unsigned_policy === "allow" && (
        <Banner icon={<IconAlertTriangle size={16} aria-hidden />}>
          <strong>Unsigned extensions are allowed</strong> for the development tenant {tenant.name}: nobody
          vouches for what runs here.
        </Banner>
      )}
      {key && (
        <Banner icon={<IconKey size={16} aria-hidden />}>
          <strong>A development key is trusted</strong> for the tenant {tenant.name} only: {key.subject},
          SHA-256{" "}
          <span className="mono" title={key.fingerprint_sha256}>
            {key.fingerprint_sha256.slice(0, 16)}…
          </span>
          . Made on first start; do not ship with it.
        </Banner>
      )}
    </div>
  );
}

function Banner({ icon, children }: { readonly icon: ReactNode; readonly children: ReactNode }) {
  return (
    <p className="banner">
      {icon}
      <span>{children}</span>
    </p>
  );
}
