/** The nonce that the host made for the styles of this load of the page; empty where there is no host (a test). */
export const styleNonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";

/**
 * The page's policy lets a `<style>` element in only with the nonce. Libraries (scroll locks, the editor) make such
 * elements themselves and few can be told of a nonce, so each one gets it when it is made. Scripts get none.
 */
export function giveStylesTheirNonce(): void {
  if (styleNonce === "") return;
  const create = document.createElement.bind(document);
  document.createElement = (name: string, options?: ElementCreationOptions): HTMLElement => {
    const element = create(name, options);
    if (element instanceof HTMLStyleElement) element.nonce = styleNonce;
    return element;
  };
}
