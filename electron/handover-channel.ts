/** The one channel between the shell and the page; apart, because the preload may carry nothing else of the shell. */
export const HANDOVER_CHANNEL = "workbench:host";
